/** Rows have one fixed height, so that a window of them is a few lines of arithmetic. */
export const rowHeight = 32

/** Rows drawn above and below what is in sight, so that scrolling does not show gaps. */
const overscan = 8

/** Rows in the document at most, unless more of them are in sight: their number is what drawing costs. */
const mostRows = 60

/** The rows that a viewport of that height shows, the cut ones at both its ends included. */
function fitting(height: number): number {
  return Math.ceil(height / rowHeight) + 1
}

function spare(height: number): number {
  return Math.min(overscan, Math.max(0, Math.floor((mostRows - fitting(height)) / 2)))
}

/** The most rows drawn at once in a viewport of that height. */
export function mostDrawn(height: number): number {
  return fitting(height) + 2 * spare(height)
}

/** The rows to draw when a list of total rows is scrolled to top in a viewport of that height, all in pixels. */
export function inSight(top: number, height: number, total: number): { first: number; count: number } {
  const at = Math.floor(top / rowHeight)
  const first = Math.max(0, Math.min(at - spare(height), total - 1))
  const end = Math.min(at + fitting(height) + spare(height), total)
  return { first, count: Math.max(0, end - first) }
}
