import type { Snippet } from 'svelte'

/** A column of a grid. A cell is one text node or one icon. */
export type Column<R> = {
  id: string
  header: string
  /** What it is called where columns are chosen and read out, when its head says it otherwise or is empty. */
  name?: string
  /** Width in pixels. The column with grow takes what is left, and never less than its width. */
  width: number
  grow?: boolean
  /** Widths the user may drag the column between; without it the width is fixed. */
  resize?: { min: number; max: number }
  /** It always stands first and is always shown. */
  pinned?: boolean
  /** It is shown only when it was chosen. */
  optional?: boolean
  /** Numbers stand right. */
  right?: boolean
  /** The name the list is sorted by; without it the header cannot be pressed. */
  sort?: string
  /** Below this width of the grid the column is hidden. */
  from?: number
  text?: (row: R) => string
  class?: (row: R) => string
  title?: (row: R) => string
  cell?: Snippet<[R]>
  head?: Snippet
}

export type Sort = { by: string; descending: boolean }

/** The next order when a header is pressed: up, then down. */
export function nextSort(now: Sort, by: string): Sort {
  return { by, descending: now.by === by && !now.descending }
}
