/** Where the current row moves to, or undefined when the key does not move it. */
export function moved(key: string, ctrl: boolean, at: number, total: number, pageRows: number): number | undefined {
  const last = total - 1
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: ctrl ? 0 : undefined,
    End: ctrl ? last : undefined,
  }[key]
  return to === undefined || last < 0 ? undefined : Math.min(last, Math.max(0, to))
}
