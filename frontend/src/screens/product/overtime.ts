import type { OverTime, Point } from '../../api'
import { amount, count } from '../../format/number'
import { moment } from '../../format/time'
import { locale } from '../../locale'

/** What a chart draws: moments in seconds, and the numbers from each on. The last one holds until now. */
export type Drawn = [at: number[], inStock: (number | null)[], booked: number[], available: (number | null)[]]

export function drawn(points: Point[], now: number): Drawn {
  const last = points.at(-1)
  const all = last && last.at < now ? [...points, { ...last, at: now }] : points
  return [all.map((p) => p.at / 1000), all.map((p) => p.inStock), all.map((p) => p.booked), all.map((p) => p.available)]
}

/** The chart in words: how often it moved, what is available now, and between which numbers that was. */
export function summary(o: OverTime, now: number): string {
  const first = o.points[0]
  if (!first) return ''
  const moved = `${amount(o.moved, ['# change', '# changes'])} since ${moment(first.at, now)}.`
  const counted = o.points.filter((p): p is Point & { available: number } => p.available !== null)
  const last = o.points.at(-1)
  if (!last || last.available === null || counted.length === 0) return `${moved} It needs a first count; ${amount(last?.booked ?? 0, ['# unit is', '# units are'])} booked.`
  const lowest = counted.reduce((a, b) => (b.available < a.available ? b : a))
  const highest = counted.reduce((a, b) => (b.available > a.available ? b : a))
  if (lowest.available === highest.available) return `${moved} Available was ${count(last.available)} all the time.`
  return `${moved} Available is ${count(last.available)} now. Its lowest was ${count(lowest.available)} (${moment(lowest.at, now)}), its highest ${count(highest.available)} (${moment(highest.at, now)}).`
}

const day = 86_400
const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const month = new Intl.DateTimeFormat(locale, { month: 'short', year: '2-digit' })

/** The names of moments that are so many seconds apart, as the person's language writes them: at midnight, the date. */
export function timeNames(seconds: number[], apart: number): string[] {
  if (apart >= 28 * day) return seconds.map((s) => month.format(s * 1000))
  if (apart >= day) return seconds.map((s) => date.format(s * 1000))
  return seconds.map((s) => {
    const at = new Date(s * 1000)
    return at.getHours() === 0 && at.getMinutes() === 0 ? date.format(at) : time.format(at)
  })
}
