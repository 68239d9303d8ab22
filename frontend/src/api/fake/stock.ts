import { AppError } from '../error'
import type * as T from '../types'
import { garden } from './warehouses'
import type { World } from './world'

export function stockRows(world: World, q: T.StockQuery): T.StockWindow {
  const terms = q.query.toLowerCase().split(/\s+/).filter(Boolean)
  const rows = world.rows.filter((r) => {
    const text = `${r.sku} ${r.title} ${r.variant}`.toLowerCase()
    return terms.every((t) => text.includes(t)) && fits(r, q.filter) && (q.store === 0 || r.stores.some((c) => c.store === q.store))
  })
  const by = q.sort.replace(/^-/, '') as keyof T.StockRow
  rows.sort((a, b) => compare(a[by], b[by]) || compare(a.sku, b.sku))
  if (q.sort.startsWith('-')) rows.reverse()
  return { total: rows.length, version: world.version, rows: rows.slice(q.offset, q.offset + q.limit).map((r) => ({ ...r })) }
}

function fits(r: T.StockRow, filter: T.StockFilter): boolean {
  return { '': true, oversold: r.oversold > 0, unset: !r.counted, zero: r.inStock === 0 }[filter]
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b)
  return (typeof a === 'number' ? a : -Infinity) - (typeof b === 'number' ? b : -Infinity) || 0
}

export function findRow(world: World, sku: string): T.StockRow {
  const row = world.rows.find((r) => r.sku === sku)
  if (!row) throw new AppError('not_found', `There is no product with the SKU ${sku}.`)
  return row
}

export function product(world: World, sku: string): T.Product {
  const row = findRow(world, sku)
  const target = row.available === null ? null : Math.max(0, row.available)
  const online = row.stores.map((c, i): T.Listing => {
    const store = world.stores.find((s) => s.id === c.store)
    const even = c.state === 'even'
    return {
      store: store?.name ?? '', storeId: c.store, channel: store?.channel ?? '', ref: String(100 + i), parentRef: '', sku,
      title: row.title, variant: row.variant, status: 'active', linked: true,
      storeHas: even ? target : 6, readAt: world.now - 40_000, target: c.state === 'off' ? null : target,
      lastPushed: even ? target : null, lastPushedAt: even ? world.now - 720_000 : null, state: c.state,
      reason: { even: '', off: 'Sync is off.', due: 'Waiting to be sent.', refused: 'The shop refused this listing: it has no stock tracking there.', held: 'Held by the safety catch.', left: 'Left as it is by you.' }[c.state],
      locations: store?.located ? garden(world).locations.map((at) => ({
        ref: at.ref, name: at.name, warehouse: at.warehouse, target: at.warehouse === 'MAIN' ? target : null, lastPushed: at.warehouse === 'MAIN' ? target : null,
        lastPushedAt: at.warehouse === 'MAIN' ? world.now - 720_000 : null, state: at.warehouse ? c.state : 'off',
        reason: at.warehouse ? '' : 'This location is linked to no warehouse, so nothing is sent to it.',
      })) : [],
    }
  })
  const { inStock, booked, available, counted } = row
  const elsewhere = { inStock: null, booked: 0, available: null, counted: false }
  const warehouses = world.warehouses.map((w) => ({ code: w.code, name: w.name, ...(w.main ? { inStock, booked, available, counted } : elsewhere) }))
  return { ...row, online, warehouses }
}

export function explanation(world: World, sku: string): T.Explanation {
  const row = findRow(world, sku)
  const pushes = product(world, sku).online.filter((l) => l.lastPushed !== null)
  return {
    sku, inStock: row.inStock, booked: row.booked, available: row.available,
    terms: [...(world.terms.get(sku) ?? [])],
    pushes: pushes.map((l) => ({ store: l.store, listing: l.ref, target: l.lastPushed ?? 0, at: l.lastPushedAt ?? 0, outcome: 'written' })),
  }
}

export function overTime(world: World, sku: string): T.OverTime {
  const { terms } = explanation(world, sku)
  const points = terms.map((t): T.Point => ({
    at: t.at, inStock: t.inStockAfter, booked: t.bookedAfter, available: t.inStockAfter === null ? null : t.inStockAfter - t.bookedAfter,
  }))
  return { sku, moved: terms.length, points: points.filter((p, i) => points[i + 1]?.at !== p.at) }
}

export function change(world: World, c: T.StockChange): T.StockChanged {
  const row = findRow(world, c.sku)
  const first = row.inStock === null
  const by = c.op === 'add' ? c.quantity : c.quantity + (c.packed ? row.booked : 0) - (row.inStock ?? 0)
  const term = world.append(row, first ? 'count' : c.op === 'set' ? 'count' : 'adjustment', by, { reason: c.reason, note: c.note })
  return { seq: term.seq, item: row.id, notices: [], stock: { ...row } }
}

export function undo(world: World, seq: number): T.StockChanged {
  for (const [sku, terms] of world.terms) {
    const term = terms.find((t) => t.seq === seq)
    if (!term) continue
    if (term.undone) throw new AppError('invalid', 'This change was undone before.')
    term.undone = true
    const row = findRow(world, sku)
    const counter = world.append(row, 'undo', -term.inStock)
    return { seq: counter.seq, item: row.id, notices: [], stock: { ...row } }
  }
  throw new AppError('not_found', 'That change is not in the books.')
}
