import { amount, count } from '../format/number'
import { moment } from '../format/time'

/** What is held back, in words: "2 units", "10 % of what is available". */
export function holdSaid(units: number, percent: number): string {
  const parts = [units > 0 && amount(units, ['# unit', '# units']), percent > 0 && `${count(percent)} % of what is available`]
  return parts.filter((p) => p !== false).join(' + ')
}

/** Until when, in words. */
export function untilSaid(until: number | null, atStart: boolean, now: number): string {
  if (atStart) return 'until Evenstock starts again'
  return until === null ? 'until you are back' : `until ${moment(until, now)}`
}
