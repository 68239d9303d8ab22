import type { Column } from './columns'

type Kept = { order: string[]; hidden: string[]; shown: string[]; widths: Record<string, number> }

const usual: Kept = { order: [], hidden: [], shown: [], widths: {} }

/** How the columns of a list are laid out: which, in which order, how wide. It is remembered on this computer. */
export class Layout {
  #kept = $state.raw<Kept>(usual)
  #stored: string

  constructor(name: string) {
    this.#stored = `layout.${name}`
    try {
      this.#kept = { ...usual, ...(JSON.parse(localStorage.getItem(this.#stored) ?? '{}') as Partial<Kept>) }
    } catch {
      // What stands there is not ours; the usual layout holds.
    }
  }

  /** The columns a person may choose, in their order, shown or not. */
  choices<R>(all: Column<R>[]): Column<R>[] {
    return this.#ordered(all).filter((c) => !c.pinned)
  }

  /** The columns to show, as wide as they were dragged. Pinned ones come first. */
  apply<R>(all: Column<R>[]): Column<R>[] {
    const shown = this.#ordered(all).filter((c) => c.pinned || this.has(c))
    return shown.map((c) => ({ ...c, width: this.#kept.widths[c.id] ?? c.width }))
  }

  has<R>(column: Column<R>): boolean {
    return column.optional ? this.#kept.shown.includes(column.id) : !this.#kept.hidden.includes(column.id)
  }

  show<R>(column: Column<R>, on: boolean): void {
    const without = (ids: string[]) => ids.filter((id) => id !== column.id)
    const { hidden, shown } = this.#kept
    this.#keep({ hidden: on ? without(hidden) : [...without(hidden), column.id], shown: on ? [...without(shown), column.id] : without(shown) })
  }

  /** Moves a column one place to the left or to the right. */
  move<R>(all: Column<R>[], id: string, by: -1 | 1): void {
    const ids = this.choices(all).map((c) => c.id)
    const at = ids.indexOf(id)
    const to = at + by
    if (at < 0 || to < 0 || to >= ids.length) return
    ids.splice(to, 0, ...ids.splice(at, 1))
    this.#keep({ order: ids })
  }

  resize(id: string, width: number): void {
    if (this.#kept.widths[id] !== width) this.#keep({ widths: { ...this.#kept.widths, [id]: width } })
  }

  reset(): void {
    this.#keep(usual)
  }

  #ordered<R>(all: Column<R>[]): Column<R>[] {
    const place = (c: Column<R>) => {
      const at = this.#kept.order.indexOf(c.id)
      return c.pinned ? -1 : at < 0 ? all.indexOf(c) : at
    }
    return all.toSorted((a, b) => place(a) - place(b))
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change }
    localStorage.setItem(this.#stored, JSON.stringify(this.#kept))
  }
}
