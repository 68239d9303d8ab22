import type { Backup, Reading, Verified } from '../../api'
import { amount, count, list } from '../../format/number'
import { size } from '../../format/size'
import { ago } from '../../format/time'

/** How old the newest nightly backup is, how large, and whether it can be relied on. */
export function nightlySaid(nightly: Backup | null, now: number): { good: boolean; text: string } {
  if (!nightly) return { good: true, text: 'The first nightly backup is made tonight.' }
  const which = `The newest nightly backup: ${ago(nightly.createdAt, now)}, ${size(nightly.size)}.`
  return nightly.rehearsed
    ? { good: true, text: `${which} It was restored as a rehearsal, and its books add up.` }
    : { good: false, text: `${which} Its rehearsal did not come to its end. Back up now to have one that is proven.` }
}

export function verifiedSaid(found: Verified): string {
  const r = found.report
  const read = list([amount(r.movements, ['# movement', '# movements']), amount(r.products, ['# product', '# products']), amount(r.listings, ['# listing', '# listings']), amount(r.orders, ['# order', '# orders'])])
  if (found.ok) return `The books add up. ${read} were read.`
  return `${amount(r.total, ['# difference', '# differences'])} found in ${read}. Nothing was changed.`
}

export function readingSaid(reading: Reading | null): string {
  return reading && reading.read > 0 ? `Reading ${reading.part}: ${count(reading.read)}` : 'Reading the books'
}
