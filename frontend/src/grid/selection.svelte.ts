/**
 * What is selected in a list: single rows by key, or all that the list holds except some. All means all that match, also
 * those that are not here.
 */
export class Selection<R> {
  all = $state(false)
  #named = $state.raw<ReadonlyMap<string, R>>(new Map())
  #from = 0
  #key: (row: R) => string

  constructor(key: (row: R) => string) {
    this.#key = key
  }

  has(row: R): boolean {
    return this.#named.has(this.#key(row)) !== this.all
  }

  /** How many rows are selected of a list of that length. */
  count(total: number): number {
    return this.all ? Math.max(0, total - this.#named.size) : this.#named.size
  }

  get some(): boolean {
    return this.all || this.#named.size > 0
  }

  /** The rows that were selected one by one; those left out while all are selected. */
  get named(): R[] {
    return [...this.#named.values()]
  }

  /** Selects or leaves one row, from which a range can then be drawn. */
  toggle(row: R, index: number): void {
    const next = new Map(this.#named)
    if (!next.delete(this.#key(row))) next.set(this.#key(row), row)
    this.#named = next
    this.#from = index
  }

  /** Where a range begins that ends at another row. */
  begin(index: number): void {
    this.#from = index
  }

  get from(): number {
    return this.#from
  }

  /** Selects rows beside what is selected already. */
  add(rows: R[]): void {
    const next = new Map(this.#named)
    for (const row of rows) if (this.all) next.delete(this.#key(row))
    else next.set(this.#key(row), row)
    this.#named = next
  }

  /** Selects these rows and no others. */
  only(rows: R[]): void {
    this.all = false
    this.#named = new Map(rows.map((row) => [this.#key(row), row]))
  }

  everything(): void {
    this.all = true
    this.#named = new Map()
  }

  clear(): void {
    this.all = false
    this.#named = new Map()
  }
}
