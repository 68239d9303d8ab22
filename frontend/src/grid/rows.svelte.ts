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

/** Rows kept here above and below what is in sight: nearer to an end, more are asked for before they come into sight. */
const near = 40

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
    if (!this.loading && !this.#ample()) void this.#follow()
  }

  /** Whether the rows in sight are here, and those around them that may be in sight next. */
  #ample(): boolean {
    const last = Math.min(this.#first + this.#count + near, this.total)
    return Math.max(0, this.#first - near) >= this.#offset && last <= this.#offset + this.#rows.length
  }

  /**
   * Asks for what came into sight, one question at a time: while the bar is dragged, each answer is shown, and the next
   * question is about where the bar is by then.
   */
  async #follow(): Promise<void> {
    if (this.#following) return
    this.#following = true
    for (let asked = -1; !this.#ample() && this.#first !== asked; ) {
      asked = this.#first
      await this.#load(page)
    }
    this.#following = false
  }

  /** Asks for the rows in sight and a few around them, as soon as may be: for a list that was not here, or has changed. */
  load(): Promise<void> {
    return this.#load(Math.min(page, this.#count + 2 * near))
  }

  async #load(limit: number): Promise<void> {
    const mine = ++this.#asked
    const offset = Math.max(0, this.#first - Math.floor((limit - this.#count) / 2))
    try {
      const window = await this.#ask(offset, limit)
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
