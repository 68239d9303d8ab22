import type * as T from '../types'
import type { World } from './world'

const perDay = [31, 27, 38, 44, 52, 29, 24, 33, 36, 41, 39, 58, 47, 22]

/** What Today says of the world: its needs are counted, its sales are made up. */
export function today(world: World): T.Today {
  const midnight = new Date(world.now).setHours(0, 0, 0, 0)
  const dayStart = (ago: number) => new Date(midnight).setDate(new Date(midnight).getDate() - ago)
  const runs = world.runs.filter((r) => r.startedAt >= midnight)
  const oversold = world.rows.filter((r) => r.oversold > 0).length
  const sells = world.runs.length > 0
  return {
    now: world.now,
    products: world.rows.length,
    oversold,
    sentToday: runs.reduce((n, r) => n + r.written, 0),
    needs: needs(world, oversold).filter((n) => n.count > 0),
    sold: perDay.map((units, i) => ({ at: dayStart(perDay.length - 1 - i), units: sells ? units : 0 })),
    sent: perDay.map((units, i) => ({ at: dayStart(perDay.length - 1 - i), numbers: !sells ? 0 : i === perDay.length - 1 ? runs.reduce((n, r) => n + r.written, 0) : units * 3 - (i % 4) * 9 })),
    runningOut: sells ? runningOut(world) : [],
    runs,
  }
}

function needs(world: World, oversold: number): T.Need[] {
  const need = (kind: T.Need['kind'], count: number, more: Partial<T.Need> = {}): T.Need => ({ kind, count, storeId: 0, store: '', text: '', by: 0, ...more })
  const trade = world.stores.find((s) => s.counts.held > 0)
  const refused = trade ? world.rows.filter((r) => r.stores.some((c) => c.store === trade.id && c.state === 'refused')).length : 0
  const at = { storeId: trade?.id ?? 0, store: trade?.name ?? '' }
  return [
    ...world.stores.flatMap((s) => (s.keyEnd?.soon ? [need('key_ends', 1, { storeId: s.id, store: s.name, text: s.keyEnd.renew, by: s.keyEnd.at })] : [])),
    need('held', trade?.counts.held ?? 0, at),
    need('refused', refused, at),
    need('oversold', oversold),
    need('unmatched', world.orders.flatMap((o) => o.lines).filter((l) => l.product === null).length),
    need('unset', world.rows.filter((r) => !r.counted).length),
  ]
}

function runningOut(world: World): T.RunningOut[] {
  const sold: Record<string, number> = { 'RUG-JUT-90': 14, 'PIC-SET-4': 16, 'LMP-PPR-45': 14, 'CND-PIN-220': 16, 'NAP-LIN-4': 18 }
  return world.rows
    .flatMap((r) => {
      const units = sold[r.sku]
      if (units === undefined || r.available === null) return []
      return [{ sku: r.sku, title: r.title, variant: r.variant, available: r.available, sold: units, days: Math.floor((r.available * 14) / units) }]
    })
    .sort((a, b) => a.days - b.days)
}
