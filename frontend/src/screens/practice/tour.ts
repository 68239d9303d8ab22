import { type PracticeShops, type Product, api } from '../../api'

export const apples = { sku: 'APPLES-12', name: 'Apples, crate of 12', units: 50, order: 4 }

/** What is real now: the product in Evenstock, null while it has none, and what the practice stores show. */
export type Seen = { product: Product | null; practice: PracticeShops }

/** A step of the tour: what the person lets happen, and whether the real numbers are what they should be then. */
export type Step = { title: string; action: string; expect: string; act: (seen: Seen) => Promise<void>; holds: (seen: Seen) => boolean }

/** In stock, Booked and Available, and the number every store shows. */
function numbers(seen: Seen, inStock: number, booked: number): boolean {
  const p = seen.product
  const even = inStock - booked
  return p !== null && p.inStock === inStock && p.booked === booked && p.available === even && shownBy(seen).every((n) => n === even)
}

/** What each store shows of the apples; −1 where they are not on sale. */
export function shownBy(seen: Seen): number[] {
  return seen.practice.shops.map((s) => s.items.find((i) => i.sku === apples.sku)?.quantity ?? -1)
}

async function everyStore(seen: Seen, call: (store: number) => Promise<unknown>): Promise<void> {
  for (const shop of seen.practice.shops) await call(shop.store)
}

/** The order of the tour: the latest one of these apples that waits to be shipped in the first store. */
function open(seen: Seen): number | undefined {
  return seen.practice.shops[0]?.orders.find((o) => o.stage === 'open' && o.lines.some((l) => l.sku === apples.sku))?.id
}

/** The apples: 50 counted, 4 ordered, shipped. The key makes the count of this tour happen once. */
export function steps(key: string): Step[] {
  return [
    {
      title: 'Put apples on sale in every store',
      action: 'Put on sale',
      expect: 'Every store lists them, and Evenstock waits for a first count.',
      act: async (seen) => {
        await api.practice.live(false)
        await api.practice.offer(apples.sku, apples.name, apples.units)
        await everyStore(seen, api.stores.syncListings)
      },
      holds: (seen) => (seen.product?.online.length ?? 0) >= seen.practice.shops.length,
    },
    {
      title: `Count them: ${apples.units}`,
      action: `Count ${apples.units}`,
      expect: /* @wc-include */ '50 in stock, 0 booked, 50 available, and every store shows 50.',
      act: async () => {
        const change = await api.stock.change({ sku: apples.sku, op: 'set', quantity: apples.units, packed: false, reason: 'counted', note: '', warehouse: '', key })
        await api.stock.settle(change.item, 60_000)
      },
      holds: (seen) => numbers(seen, 50, 0),
    },
    {
      title: `A customer orders ${apples.order}`,
      action: 'Order and sync',
      expect: /* @wc-include */ '50 in stock, 4 booked, 46 available, and every store shows 46.',
      act: async (seen) => {
        const shop = seen.practice.shops[0]
        const item = shop?.items.find((i) => i.sku === apples.sku)
        if (!shop || !item) return
        await api.practice.order(shop.store, item.id, apples.order)
        await api.stores.syncAll()
      },
      holds: (seen) => numbers(seen, 50, 4),
    },
    {
      title: 'Ship the order',
      action: 'Ship and sync',
      expect: /* @wc-include */ '46 in stock, 0 booked, 46 available, and no store changes.',
      act: async (seen) => {
        const shop = seen.practice.shops[0]
        const order = open(seen)
        if (!shop || order === undefined) return
        await api.practice.ship(shop.store, order)
        await api.stores.syncAll()
      },
      holds: (seen) => numbers(seen, 46, 0),
    },
  ]
}
