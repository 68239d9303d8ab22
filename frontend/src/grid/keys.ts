import { shortcutOf } from '../shortcuts'

/** Where the current row moves to, or undefined when the key does not move it. */
export function moved(key: string, ctrl: boolean, at: number, total: number, pageRows: number): number | undefined {
  const last = total - 1
  const does = shortcutOf('grid', { key, ctrlKey: ctrl, metaKey: false, altKey: false })
  if (does === undefined || last < 0) return undefined
  const to = { down: at + 1, up: at - 1, pageDown: at + pageRows, pageUp: at - pageRows, first: 0, last }[does]
  return Math.min(last, Math.max(0, to))
}
