import { locale } from '../locale'

const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

/** A size in bytes as people say it: 812 bytes, 4.7 MB. */
export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${one.format(bytes / 1000 ** step)} ${units[step]}`
}
