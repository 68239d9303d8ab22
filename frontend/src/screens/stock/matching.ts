import { type StockQuery, type StockRow, api } from '../../api'

/** Rows of one answer: what the program gives at most. */
const part = 200

export type What = Pick<StockQuery, 'query' | 'filter' | 'sort'>

export const asked = (what: What, offset: number, limit: number): StockQuery => ({ ...what, store: 0, offset, limit })

/** A window of what matches. */
export function stockWindow(what: What, offset: number, limit: number) {
  return api.stock.rows(asked(what, offset, limit))
}

/** The rows from one place to another, whether they are here or not. Told is how many have come so far. */
export async function rowsBetween(what: What, from: number, to: number, told?: (n: number) => void): Promise<StockRow[]> {
  const rows: StockRow[] = []
  while (from + rows.length < to) {
    const { rows: more } = await stockWindow(what, from + rows.length, Math.min(part, to - from - rows.length))
    if (more.length === 0) break
    rows.push(...more)
    told?.(rows.length)
  }
  return rows
}

