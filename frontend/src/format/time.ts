import { locale } from '../locale'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })
const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dateWithYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const exactTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })

/** How old something is: now, 40 s, 2 min, 7 h, then the weekday, then the date. */
export function age(at: number | null, now: number): string {
  if (at === null) return 'Never'
  const old = now - at
  if (old < 10 * second) return /* @wc-include */ 'now'
  if (old < minute) return `${Math.floor(old / (10 * second)) * 10} s`
  if (old < hour) return `${Math.floor(old / minute)} min`
  if (old < day) return `${Math.floor(old / hour)} h`
  return old < 6 * day ? weekday.format(at) : calendar(at, now)
}

/** The same in a sentence: Just now, 40 s ago, Mon, 14 Aug. */
export function ago(at: number | null, now: number): string {
  if (at !== null && now - at < 10 * second) return 'Just now'
  const text = age(at, now)
  return at !== null && now - at < day ? `${text} ago` : text
}

/** When something happened: the time today, else the weekday with its time, else the date. */
export function moment(at: number, now: number): string {
  if (sameDay(at, now)) return clock.format(at)
  return now - at < 6 * day ? `${weekday.format(at)} ${clock.format(at)}` : calendar(at, now)
}

/** The time of day, where the day is known. */
export function timeOf(at: number): string {
  return clock.format(at)
}

/** A day that is not near, with its year. */
export function dateOf(at: number): string {
  return dateWithYear.format(at)
}

/** The exact time, for tooltips. */
export function exact(at: number | null): string {
  return at === null ? 'Never' : exactTime.format(at)
}

/** Today, Yesterday, or the date: the headings of a list by day. */
export function dayName(at: number, now: number): string {
  if (sameDay(at, now)) return 'Today'
  return sameDay(at, now - day) ? 'Yesterday' : calendar(at, now)
}

/** h:mm:ss of a number of seconds. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}

/** "about 4 min left", or nothing while nobody knows. */
export function left(ms: number | null): string {
  if (ms === null) return ''
  return ms < minute ? 'less than a minute left' : `about ${Math.round(ms / minute)} min left`
}

/** How often: "every minute", "every 10 min", "every 12 h". */
export function every(ms: number): string {
  if (ms === minute) return 'every minute'
  return ms < hour ? `every ${Math.round(ms / minute)} min` : `every ${Math.round(ms / hour)} h`
}

function calendar(at: number, now: number): string {
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? date.format(at) : dateWithYear.format(at)
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}
