import type { AwayDay } from '../../api'
import { locale } from '../../locale'

/** A day of the week as the plan's form shows it. */
export type Day = { weekday: number; name: string; on: boolean; from: string; to: string }

const minutes = 24 * 60
const names = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })

/** A minute of the day as a clock shows it; the day's end is 24:00. */
export function clockOf(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** The minute of the day that 8:00 or 24:00 means; undefined for what is no time. */
export function minuteOf(text: string): number | undefined {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim())
  if (!found) return undefined
  const [hours, past] = [Number(found[1]), Number(found[2])]
  const minute = hours * 60 + past
  return past < 60 && minute <= minutes ? minute : undefined
}

/** The week, Monday first, with the plan's times in it; of several on one day the first. */
export function week(plan: AwayDay[]): Day[] {
  return [1, 2, 3, 4, 5, 6, 0].map((weekday) => {
    const planned = plan.find((d) => d.weekday === weekday)
    const name = names.format(Date.UTC(2024, 0, 7 + weekday)) // 7 January 2024 was a Sunday
    return { weekday, name, on: planned !== undefined, from: clockOf(planned?.from ?? 20 * 60), to: clockOf(planned?.to ?? 8 * 60) }
  })
}

/** The plan of a week, or the day whose time is none. */
export function planOf(days: Day[]): { plan: AwayDay[]; wrong?: Day } {
  const plan: AwayDay[] = []
  for (const day of days.filter((d) => d.on)) {
    const [from, to] = [minuteOf(day.from), minuteOf(day.to)]
    if (from === undefined || from === minutes || to === undefined) return { plan: [], wrong: day }
    plan.push({ weekday: day.weekday, from, to: to === 0 ? minutes : to })
  }
  return { plan }
}
