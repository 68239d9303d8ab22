import { type Progress, type Run, type RunKind, type Store, api } from '../../api'
import { duration } from '../../format/time'

/** The longest a cooldown lasts; more is never shown, whatever a clock says. */
const longestCooldown = 4 * 3600

/** What the four buttons of a store do, and stop. */
export const buttoned: Progress['kind'][] = ['sync', 'inventory_refresh', 'listings_sync', 'listings_refresh']

/** What a manual button can do now. */
export type ActionState =
  | { is: 'ready'; note?: string; title?: string }
  | { is: 'running'; done: number; total: number }
  | { is: 'off'; reason: string; note: string; long?: boolean }

/** Seconds left of a cooldown that was read some time ago; a tick that is older than the reading takes nothing off. */
export function cooldownLeft(read: number, elapsedMs: number): number {
  return Math.min(longestCooldown, Math.max(0, read - Math.floor(Math.max(0, elapsedMs) / 1000)))
}

/** Says whether a manual button can be pressed, and if not why and until when. */
export function actionState(store: Store, kind: RunKind, left: { inventory: number; listings: number }): ActionState {
  if (store.activity?.kind === kind) return { is: 'running', done: store.activity.done, total: store.activity.total }
  const sends = kind === 'sync' || kind === 'inventory_refresh'
  if (sends && store.sync !== 'on') {
    return { is: 'off', note: 'Turn sync on', long: true, reason: `Inventory sync is off for ${store.name}, so no orders are read and nothing is sent.` }
  }
  const wait = kind === 'inventory_refresh' ? left.inventory : kind === 'listings_refresh' ? left.listings : 0
  if (wait > 0) {
    return { is: 'off', note: duration(wait), reason: `A hard refresh is possible once every 4 hours per store. Possible again in ${duration(wait)}.` }
  }
  if (sends && store.paused) return { is: 'ready', note: 'Paused', title: 'Sending is paused: orders are read, nothing is sent.' }
  return { is: 'ready' }
}

/** Starts the run behind a manual button and returns what came of it. */
export function start(store: number, kind: RunKind): Promise<Run> {
  switch (kind) {
    case 'inventory_refresh':
      return api.stores.refreshInventory(store)
    case 'listings_sync':
      return api.stores.syncListings(store)
    case 'listings_refresh':
      return api.stores.refreshListings(store)
    default:
      return api.stores.sync(store)
  }
}
