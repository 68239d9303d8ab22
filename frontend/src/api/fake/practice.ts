import type { Api } from '../api'
import type * as T from '../types'
import type { World } from './world'

/** The practice stores: each shows what Evenstock says, but for one product. */
export function practice(world: World, answer: <A>(make: () => A) => Promise<A>): Api['practice'] {
  const done = () => answer(() => undefined)
  return {
    shops: () => answer(() => ({ live: true, shops: world.stores.map((s) => shop(world, s)) })),
    offer: done,
    order: () => answer(() => 1003),
    ship: done,
    cancel: done,
    refund: done,
    count: done,
    hideNew: done,
    break: done,
    heal: done,
    jump: done,
    live: done,
  }
}

function shop(world: World, store: T.Store): T.PracticeShop {
  const rows = world.rows.filter((r) => r.stores.some((c) => c.store === store.id))
  const line = { id: 1, sku: 'MUG-350-CRM', name: 'Enamel mug 350 ml', quantity: 4, left: 4 }
  return {
    store: store.id,
    now: world.now,
    ahead: 0,
    broken: store.id === 2 ? '500' : '',
    left: store.id === 2 ? 3 : 0,
    hiding: 0,
    items: rows.map((r, i) => ({ id: i + 1, sku: r.sku, name: [r.title, r.variant].filter(Boolean).join(', '), quantity: Math.max(0, r.available ?? 12) + (i === 0 ? 3 : 0) })),
    orders: [
      { id: 1001, stage: 'open', hidden: false, lines: [line] },
      { id: 1000, stage: 'shipped', hidden: false, lines: [{ ...line, id: 2 }] },
    ],
  }
}
