import type { Api } from '../api'
import type * as T from '../types'
import type { World } from './world'

/** Away mode over the made-up business: every shop is taken to show what it should. */
export function away(world: World, answer: <A>(make: () => A) => Promise<A>): Api['away'] {
  const set = (change: Partial<T.AwayState>) => {
    world.away = { ...world.away, ...change }
    world.changed()
  }
  return {
    get: () => answer(() => world.away),
    preview: (units, percent) => answer(() => world.stores.filter((s) => s.sync === 'on').map((s) => world.tables.keep(preview(world, s, units, percent)))),
    start: ({ units, percent, until, quit }) => answer(() => {
      set({ on: true, units, percent, until: until || null, atStart: quit })
      return { runs: [], ends: quit }
    }),
    end: () => answer(() => set({ on: false, until: null, atStart: false })),
    setPlan: (planUnits, planPercent, plan) => answer(() => set({ planUnits, planPercent, plan })),
    setOffer: (offer) => answer(() => set({ offer })),
  }
}

function preview(world: World, store: T.Store, units: number, percent: number): T.Rehearsal {
  const listed = world.rows.filter((r) => r.counted && r.stores.some((c) => c.store === store.id))
  const rows = listed.flatMap((r, i): T.RehearsalRow[] => {
    const has = Math.max(0, r.available ?? 0)
    const held = units + Math.ceil((has * percent) / 100)
    const target = Math.max(0, has - held)
    if (target === has) return []
    const flags: T.RehearsalFlag[] = target === 0 ? ['zero'] : target * 2 < has ? ['halved'] : []
    const title = [r.title, r.variant].filter(Boolean).join(', ')
    return [{ listing: String(300 + i), sku: r.sku, title, has, target, difference: target - has, why: '', because: { from: '', inStock: 0, booked: 0, available: r.available ?? 0, away: has - target }, flags, ticked: true }]
  })
  const flagged = (flag: T.RehearsalFlag) => rows.filter((r) => r.flags.includes(flag)).length
  return {
    store: store.name,
    rows,
    totals: { rows: listed.length, changes: rows.length, same: listed.length - rows.length, zero: flagged('zero'), halved: flagged('halved'), unset: 0, ticked: rows.length, openOrders: 0, openUnits: 0 },
  }
}
