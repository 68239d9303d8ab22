/** The port that somebody typed, undefined when it is none that may be used. */
export function portOf(text: string): number | undefined {
  const n = /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : 0
  return n >= 1024 && n <= 65_535 ? n : undefined
}
