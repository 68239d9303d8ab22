/** Rows have one fixed height, so that a window of them is a few lines of arithmetic. */
export const rowHeight = 32

/** Rows drawn above and below what is in sight, so that scrolling does not show gaps. */
const overscan = 8

/** Rows in the document at most, unless more of them are in sight: their number is what drawing costs. */
const mostRows = 60

/** The rows to draw when a list of total rows is scrolled to top in a viewport of that height, all in pixels. */
export function inSight(top: number, height: number, total: number): { first: number; count: number } {
  const needed = Math.ceil(height / rowHeight) + 1
  const spare = Math.min(overscan, Math.max(0, Math.floor((mostRows - needed) / 2)))
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - spare, total - 1))
  return { first, count: Math.max(0, Math.min(needed + 2 * spare, total - first)) }
}
