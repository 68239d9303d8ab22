/** What a grid shows: how many rows there are, and those that are here. */
export interface Rows<R> {
  readonly total: number
  /** The row at index, undefined while it is on its way. */
  at(index: number): R | undefined
  /** Says which rows are in sight. */
  show(first: number, count: number): void
}

/** Rows that are all here. */
export function localRows<R>(rows: () => R[]): Rows<R> {
  return {
    get total() {
      return rows().length
    },
    at: (index) => rows()[index],
    show: () => {},
  }
}

/** The most rows one question asks for: what the other side gives at most. */
const page = 200

type Window<R> = { total: number; rows: R[] }
type Ask<R> = (offset: number, limit: number) => Promise<Window<R>>

/**
 * RemoteRows keeps one window of a long list, the one around what is in sight. Old rows stay in place while newer ones
 * are on their way, and answers that arrive out of order are dropped.
 */
export class RemoteRows<R> implements Rows<R> {
  total = $state(0)
  error = $state.raw<unknown>()
  /** Nothing has arrived yet. */
  loading = $state(true)
  #rows = $state.raw<R[]>([])
  #offset = $state(0)
  #first = 0
  #count = 0
  #asked = 0
  #following = false
  #ask: Ask<R>

  constructor(ask: Ask<R>) {
    this.#ask = ask
  }

  at(index: number): R | undefined {
    return this.#rows[index - this.#offset]
  }

  /** The place of the first row here that fits, −1 when there is none. */
  find(fits: (row: R) => boolean): number {
    const i = this.#rows.findIndex(fits)
    return i < 0 ? -1 : i + this.#offset
  }

  show(first: number, count: number): void {
    this.#first = first
    this.#count = count
    if (!this.loading && !this.#here()) void this.#follow()
  }

  /** Whether the rows in sight are here. */
  #here(): boolean {
    const last = Math.min(this.#first + this.#count, this.total)
    return this.#first >= this.#offset && last <= this.#offset + this.#rows.length
  }

  /**
   * Asks for what came into sight, one question at a time: while the bar is dragged, each answer is shown, and the next
   * question is about where the bar is by then.
   */
  async #follow(): Promise<void> {
    if (this.#following) return
    this.#following = true
    for (let asked = -1; !this.#here() && this.#first !== asked; ) {
      asked = this.#first
      await this.load()
    }
    this.#following = false
  }

  /** Asks for the rows in sight and as many around them as one answer holds. */
  async load(): Promise<void> {
    const mine = ++this.#asked
    const offset = Math.max(0, this.#first - Math.floor((page - this.#count) / 2))
    try {
      const window = await this.#ask(offset, page)
      if (mine !== this.#asked) return
      this.total = window.total
      this.#rows = window.rows
      this.#offset = offset
      this.error = undefined
    } catch (e) {
      if (mine === this.#asked) this.error = e
    }
    if (mine === this.#asked) this.loading = false
  }
}
