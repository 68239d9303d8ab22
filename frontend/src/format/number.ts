import { dialect, locale } from '../locale'

/** What an unset quantity looks like. A dash means one thing: never counted. */
export const unset = '–'

const grouped = new Intl.NumberFormat(locale)
const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const and = new Intl.ListFormat(dialect, { type: 'conjunction' })

/** 12,408 · −3 · – for unset. */
export function count(n: number | null | undefined): string {
  if (n == null) return unset
  return n < 0 ? `−${grouped.format(-n)}` : grouped.format(n)
}

/** 4.0: with one digit behind the point. */
export function tenths(n: number): string {
  return oneDigit.format(n)
}

/** A change always carries its sign: +15, −4, 0. */
export function delta(n: number): string {
  return n > 0 ? `+${grouped.format(n)}` : count(n)
}

/**
 * "1 listing", "1,204 listings": the form of the language, with the number for its #. Which form is the second argument's
 * business: wuchale puts the language's own rule there.
 */
export function amount(n: number, forms: readonly string[], formOf: (n: number) => number = (n) => (n === 1 ? 0 : 1)): string {
  return (forms[formOf(Math.abs(n))] ?? forms[0] ?? '').replace('#', count(n))
}

/** "A", "A and B", "A, B and C". */
export function list(items: string[]): string {
  return and.format(items)
}
