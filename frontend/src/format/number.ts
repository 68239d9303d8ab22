/** What an unset quantity looks like. A dash means one thing: never counted. */
export const unset = '–'

const grouped = new Intl.NumberFormat()

/** 12,408 · −3 · – for unset. */
export function count(n: number | null | undefined): string {
  if (n == null) return unset
  return n < 0 ? `−${grouped.format(-n)}` : grouped.format(n)
}

/** A change always carries its sign: +15, −4, 0. */
export function delta(n: number): string {
  return n > 0 ? `+${grouped.format(n)}` : count(n)
}

/** "1 listing", "1,204 listings". */
export function amount(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** "A", "A and B", "A, B and C". */
export function list(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}
