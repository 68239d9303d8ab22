import type { StockFilter } from '../../api'
import type { Sort } from '../../grid/columns'

/** A view of the stock list that was given a name. */
export type Saved = { name: string; query: string; filter: StockFilter; sort: Sort }

const stored = 'stock.saved'

/** The saved filters. They are remembered on this computer. */
class SavedFilters {
  all = $state.raw<Saved[]>(read())

  /** Keeps a view; one of the same name is replaced. */
  save(view: Saved): void {
    this.#keep([...this.all.filter((s) => s.name !== view.name), view])
  }

  remove(name: string): void {
    this.#keep(this.all.filter((s) => s.name !== name))
  }

  #keep(all: Saved[]): void {
    this.all = all
    localStorage.setItem(stored, JSON.stringify(all))
  }
}

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(stored) ?? '[]')
    return Array.isArray(kept) ? (kept as Saved[]).filter((s) => typeof s.name === 'string' && typeof s.query === 'string') : []
  } catch {
    return []
  }
}

export const savedFilters = new SavedFilters()
