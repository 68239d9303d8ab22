import type * as T from '../types'
import { rehearsal } from './rehearsal'
import type { World } from './world'

const hour = 3_600_000

/** Every third of what would change in a store, as if somebody had edited it there. */
export function drift(world: World, store: T.Store): T.Rehearsal {
  const all = rehearsal(world, store, { copy: false, onTop: false, push: '', rows: [], table: 0 })
  const rows = all.rows
    .filter((r) => r.difference && !world.fixed.has(`${store.id} ${r.sku}`))
    .filter((_, i) => i % 3 === 0)
    .map((r, i) => ({ ...r, since: world.now - (i + 1) * hour }))
  return { ...all, rows, totals: { ...all.totals, rows: rows.length, changes: rows.length } }
}
