import { SvelteSet } from 'svelte/reactivity'
import { type AppError, type RehearsalRow, type Store, api, toAppError } from '../../api'
import { amount, list } from '../../format/number'
import { runSummary } from '../../parts/words'

/** A listing whose shop shows another number than it should. */
export type Differs = RehearsalRow & { store: Pick<Store, 'id' | 'name' | 'practice' | 'channel'> }

export type DriftFilter = '' | 'up' | 'down' | 'zero'

export function kindOf(row: Differs): Exclude<DriftFilter, ''> {
  if (row.target === 0) return 'zero'
  return (row.difference ?? 0) > 0 ? 'up' : 'down'
}

export function keyOf(row: Differs): string {
  return `${row.store.id}/${row.listing}`
}

/** Drift is what was found when the stores were last read, and the rows a person ticked. */
export class Drift {
  rows = $state.raw<Differs[]>([])
  /** When the stores were read, null before. */
  readAt = $state<number | null>(null)
  /** What is going on, in words, '' when nothing is. */
  busy = $state('')
  errors = $state.raw<{ store: string; error: AppError }[]>([])
  filter = $state<DriftFilter>('')
  readonly ticked = new SvelteSet<string>()

  get shown(): Differs[] {
    return this.filter === '' ? this.rows : this.rows.filter((r) => kindOf(r) === this.filter)
  }

  get chosen(): Differs[] {
    return this.rows.filter((r) => this.ticked.has(keyOf(r)))
  }

  tick(row: Differs, on: boolean): void {
    if (on) this.ticked.add(keyOf(row))
    else this.ticked.delete(keyOf(row))
  }

  tickShown(on: boolean): void {
    for (const row of this.shown) this.tick(row, on)
  }

  /** Reads the stores one after the other. A store that does not answer is named, the others are read. */
  async read(stores: Store[]): Promise<void> {
    if (this.busy !== '') return
    const found: Differs[] = []
    this.errors = []
    for (const [i, store] of stores.entries()) {
      this.busy = `Reading ${store.name}, ${i + 1} of ${stores.length}`
      try {
        const { id, name, practice, channel } = store
        const seen = await api.stores.drift(id)
        found.push(...seen.rows.map((r) => ({ ...r, store: { id, name, practice, channel } })))
      } catch (e) {
        this.errors = [...this.errors, { store: store.name, error: toAppError(e) }]
      }
    }
    this.rows = found
    this.readAt = Date.now()
    this.ticked.clear()
    this.busy = ''
  }

  /** Sends our number to the rows, store after store, and says what came of it. */
  async fix(rows: Differs[]): Promise<string> {
    const stores = [...new Map(rows.map((r) => [r.store.id, r.store])).values()]
    const said: string[] = []
    this.errors = []
    for (const [i, store] of stores.entries()) {
      this.busy = `Fixing ${store.name}, ${i + 1} of ${stores.length}`
      const skus = rows.filter((r) => r.store.id === store.id).map((r) => r.sku)
      try {
        said.push(`${store.name}: ${runSummary(await api.stores.fixDrift(store.id, skus))}`)
      } catch (e) {
        this.errors = [...this.errors, { store: store.name, error: toAppError(e) }]
      }
    }
    this.busy = ''
    return said.length > 0 ? `${said.join('. ')}.` : `Nothing was sent to ${list(stores.map((s) => s.name))}, so ${amount(rows.length, ['# listing', '# listings'])} still differ.`
  }
}
