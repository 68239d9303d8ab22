import type { Order, StockRow } from '../../api'
import { count } from '../../format/number'
import { type Route, router } from '../../route.svelte'
import { orderSaid } from '../../screens/orders/effect'

export type Kind = 'product' | 'order' | 'place' | 'do'

/** One row of the palette. */
export type Item = {
  id: string
  kind: Kind
  title: string
  /** Beside the title, quietly: a SKU, the address of a shop. */
  detail?: string
  /** At the end of the row. */
  note?: string
  /** Why it cannot be done now, a sentence. */
  reason?: string
  /** Words it is found by beside its title. */
  also?: string
  run: () => void
}

export type Group = { name: string; items: Item[] }

/** Rows a group shows at most: together they stay below 60, and fit a window of 640 px without much scrolling. */
const atMost: Record<Kind | 'recent', number> = { recent: 5, product: 6, order: 4, place: 8, do: 12 }

const names: Record<Kind, string> = { product: 'Stock', order: 'Orders', place: 'Go to', do: 'Do' }

/** Whether every word that was typed stands in the item, in any order. */
export function matches(item: Item, query: string): boolean {
  const text = `${item.title} ${item.detail ?? ''} ${item.also ?? ''}`.toLowerCase()
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}

/**
 * What the palette lists. Found are products and orders, which the program searched; fixed are places and commands, which
 * are searched here. A query that begins with > asks for commands only. Without a query the recent ones come first.
 */
export function groupsOf(query: string, found: Item[], fixed: Item[], recent: Item[]): Group[] {
  const onlyDo = query.startsWith('>')
  const words = query.replace(/^>/, '').trim()
  if (words === '' && !onlyDo) {
    const used = recent.slice(0, atMost.recent).map((r) => fixed.find((f) => f.id === r.id) ?? r)
    const rest = fixed.filter((f) => !used.some((u) => u.id === f.id))
    return nonEmpty([{ name: 'Recent', items: used }, ...byKind(rest)])
  }
  const order = recent.map((r) => r.id)
  const rank = (item: Item) => (order.includes(item.id) ? order.indexOf(item.id) : order.length)
  const all = [...(onlyDo ? [] : found), ...fixed.filter((f) => matches(f, words) && (!onlyDo || f.kind === 'do'))]
  return nonEmpty(byKind(all.toSorted((a, b) => rank(a) - rank(b))))
}

function byKind(items: Item[]): Group[] {
  return (Object.keys(names) as Kind[]).map((kind) => ({ name: names[kind], items: items.filter((i) => i.kind === kind).slice(0, atMost[kind]) }))
}

function nonEmpty(groups: Group[]): Group[] {
  return groups.filter((g) => g.items.length > 0)
}

export function goTo(id: string, title: string, to: Route, more: Partial<Item> = {}): Item {
  return { id, kind: 'place', title, run: () => router.go(to), ...more }
}

export function productItem(row: StockRow): Item {
  return {
    id: `product:${row.sku}`, kind: 'product', title: [row.title, row.variant].filter(Boolean).join(', '), detail: row.sku,
    note: row.counted ? `${count(row.available)} available` : 'needs a first count',
    run: () => router.go({ at: 'product', sku: row.sku }),
  }
}

export function orderItem(order: Order): Item {
  return {
    id: `order:${order.storeId}:${order.ref}`, kind: 'order', title: `#${order.number}, ${order.store}`,
    detail: order.lines.map((l) => `${count(l.ordered)} × ${l.sku}`).join(', '), note: orderSaid(order).word,
    run: () => router.go({ at: 'orders', number: order.number }),
  }
}
