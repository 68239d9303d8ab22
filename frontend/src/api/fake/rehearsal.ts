import type * as T from '../types'
import type { World } from './world'

/** What turning on would send: the shop's numbers are made up from ours so that every risk occurs. */
export function rehearsal(world: World, store: T.Store, answers: T.Answers): T.Rehearsal {
  const rows = world.rows
    .filter((r) => r.stores.some((c) => c.store === store.id))
    .map((r, i) => row(r, i, answers))
    .sort((a, b) => risk(a) - risk(b))
  const flagged = (flag: T.RehearsalFlag) => rows.filter((r) => r.flags.includes(flag)).length
  const changes = rows.filter((r) => r.difference)
  return {
    store: store.name,
    rows,
    totals: {
      rows: rows.length,
      changes: changes.length,
      same: rows.filter((r) => r.difference === 0).length,
      zero: flagged('zero'),
      halved: flagged('halved'),
      unset: flagged('unset'),
      ticked: rows.filter((r) => r.ticked).length,
      openOrders: 3,
      openUnits: 9,
    },
  }
}

function row(r: T.StockRow, i: number, answers: T.Answers): T.RehearsalRow {
  const target = r.available === null ? null : Math.max(0, r.available)
  const has = [6, 40, 61, 31, 8, 77, 480, 999][i % 8] ?? 5
  const base = { listing: String(100 + i), sku: r.sku, title: [r.title, r.variant].filter(Boolean).join(', '), has }
  if (target === null && answers.copy) {
    return { ...base, target: has, difference: 0, ...because('copied', has, 0), flags: [], ticked: false }
  }
  if (target === null) {
    return { ...base, target: null, difference: null, why: 'Needs a first count. The shop keeps its own number until then.', flags: ['unset'], ticked: false }
  }
  const flags: T.RehearsalFlag[] = []
  if (target === 0 && has > 0) flags.push('zero')
  else if (target < has / 2) flags.push('halved')
  if (r.listings > 3) flags.push('duplicate')
  return {
    ...base,
    target,
    difference: target - has,
    ...because('counted', r.inStock ?? 0, r.booked),
    flags,
    ticked: target !== has && !flags.includes('zero'),
  }
}

/** What the program says beside its sentence. */
function because(from: T.Because['from'], inStock: number, booked: number): Pick<T.RehearsalRow, 'why' | 'because'> {
  return { why: '', because: { from, inStock, booked, available: inStock - booked, away: 0 } }
}

const order: T.RehearsalFlag[] = ['zero', 'halved', 'negative', 'duplicate', 'not_deducted', 'unset']

function risk(r: T.RehearsalRow): number {
  const worst = order.findIndex((f) => r.flags.includes(f))
  if (worst >= 0) return worst
  return r.difference === 0 ? order.length + 1 : order.length
}
