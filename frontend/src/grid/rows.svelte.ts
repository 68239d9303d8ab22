/** What a grid shows: how many rows there are, and those that are here. */
export interface Rows<R> {
  readonly total: number
  /** Another number is another list, which is shown from its top. */
  readonly list?: number
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

/** How long rows around those in sight wait when another list came: whoever types on asks for yet another one. */
const restMs = 250

/** A part of a list. Two of the same version tell of the same rows. */
type Window<R> = { total: number; rows: R[]; version?: number }
type Ask<R> = (offset: number, limit: number) => Promise<Window<R>>

/**
 * RemoteRows keeps one window of a long list, the one around what is in sight. Old rows stay in place while newer ones
 * are on their way. Answers that arrive out of order are dropped, and so are all about a list that is no longer asked for.
 */
export class RemoteRows<R> implements Rows<R> {
  total = $state(0)
  list = $state(0)
  error = $state.raw<unknown>()
  /** Nothing has arrived yet. */
  loading = $state(true)
  #rows = $state.raw<R[]>([])
  #offset = $state(0)
  #version: number | undefined
  #first = 0
  #count = 0
  /** How many questions and lists were asked for, and the last question that was answered. */
  #asked = 0
  #lists = 0
  #answered = 0
  #following = false
  #fresh = false
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
    if (!this.loading) this.#fill()
  }

  /** Asks again, as soon as may be, for the rows in sight and a few around them: they may have changed. */
  load(): Promise<void> {
    return this.#load(Math.min(page, this.#count + 2 * near))
  }

  /**
   * Asks for another list: what there is to know of it comes from the question itself. What is here stays until its first
   * rows come, no more of them than are in sight, and goes when they cannot be had.
   */
  other(): Promise<void> {
    this.#lists++
    this.#first = 0
    return this.#load(Math.min(page, this.#count || near))
  }

  /** Whether the rows in sight are here, and so many around them that may be in sight next. */
  #holds(around: number): boolean {
    const last = Math.min(this.#first + this.#count + around, this.total)
    return Math.max(0, this.#first - around) >= this.#offset && last <= this.#offset + this.#rows.length
  }

  #fill(): void {
    if (this.#lists === this.list && !this.#holds(this.#fresh ? 0 : near)) void this.#follow()
  }

  /**
   * Asks for what came into sight, one question at a time: while the bar is dragged, each answer is shown, and the next
   * question is about where the bar is by then.
   */
  async #follow(): Promise<void> {
    if (this.#following) return
    this.#following = true
    for (let asked = -1; this.#lists === this.list && !this.#holds(near) && this.#first !== asked; ) {
      asked = this.#first
      await this.#load(page)
    }
    this.#following = false
  }

  async #load(limit: number): Promise<void> {
    const [mine, list] = [++this.#asked, this.#lists]
    const offset = Math.max(0, this.#first - Math.floor((limit - this.#count) / 2))
    let window: Window<R> | undefined
    let error: unknown
    try {
      window = await this.#ask(offset, limit)
    } catch (e) {
      error = e
    }
    if (list !== this.#lists || mine < this.#answered) return
    this.#answered = mine
    this.error = error
    this.loading = false
    const other = list !== this.list
    if (window) this.#take(window, offset)
    else if (other) this.#take({ total: 0, rows: [] }, 0)
    if (!other) return
    this.list = list
    this.#fresh = true
    setTimeout(() => {
      if (list !== this.#lists) return
      this.#fresh = false
      this.#fill()
    }, restMs)
  }

  /** Rows that are here already stay the same, so that nothing is drawn again. */
  #take({ total, rows, version }: Window<R>, offset: number): void {
    const same = this.#lists === this.list && version !== undefined && version === this.#version
    this.#rows = same ? rows.map((row, i) => this.at(offset + i) ?? row) : rows
    this.#offset = offset
    this.#version = version
    this.total = total
  }
}
