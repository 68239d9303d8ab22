import type { Explanation, Term } from '../../api'
import { count, delta } from '../../format/number'
import { termName } from '../../parts/words'

export type Asked = 'inStock' | 'booked' | 'available'

/** One line of an explanation: so many units, because of that. */
export type Reason = { units: number; text: string; source: string; at: number }

export type Why = { title: string; reasons: Reason[]; more: number; result: number | null; name: string }

/** How many lines an explanation shows before it says "and 12 more". */
const mostReasons = 5

/**
 * Explains a number by the movements it is the sum of. Movements of an order line that cancel each other out (booked, then
 * shipped) are one line or none, so that what is left is what still counts.
 */
export function explain(e: Explanation, asked: Asked): Why {
  const value = { inStock: e.inStock, booked: e.booked, available: e.available }[asked]
  const reasons = asked === 'available' ? [...onHand(e.terms), ...bookings(e.terms, -1)] : asked === 'booked' ? bookings(e.terms, 1) : onHand(e.terms)
  const titles = {
    inStock: value === 1 ? 'Why 1 is in stock' : `Why ${count(value)} are in stock`,
    booked: value === 1 ? 'Why 1 is booked' : `Why ${count(value)} are booked`,
    available: value === 1 ? 'Why 1 is available' : `Why ${count(value)} are available`,
  }
  const names = { inStock: 'In stock', booked: 'Booked', available: 'Available' }
  return { title: titles[asked], name: names[asked], result: value, ...folded(reasons) }
}

/** The last count and what changed In stock since. */
function onHand(terms: Term[]): Reason[] {
  const moved = terms.filter((t) => t.inStock !== 0 || t.kind === 'count' || t.kind === 'copy')
  const from = Math.max(0, moved.findLastIndex((t) => (t.kind === 'count' || t.kind === 'copy') && !t.undone))
  return moved.slice(from).map((t, i) => {
    const anchor = i === 0 && (t.kind === 'count' || t.kind === 'copy')
    return { units: anchor ? (t.inStockAfter ?? 0) : t.inStock, text: termName(t), source: sourceOf(t), at: t.at }
  })
}

/** Open units by the order that holds them. */
function bookings(terms: Term[], sign: 1 | -1): Reason[] {
  const open = new Map<string, Reason>()
  for (const t of terms) {
    if (t.booked === 0) continue
    const key = t.cause ? `${t.cause.store}\n${t.cause.order}` : t.kind
    const before = open.get(key)
    const units = (before?.units ?? 0) + sign * t.booked
    open.set(key, { units, text: 'Booked by order', source: sourceOf(t), at: before?.at ?? t.at })
  }
  return [...open.values()].filter((r) => r.units !== 0)
}

function sourceOf(t: Term): string {
  if (t.kind === 'copy') return 'When sync was turned on'
  if (t.cause && t.cause.order) return `#${t.cause.order}, ${t.cause.store}`
  return [t.reason, t.note, t.actor === 'you' ? 'by you' : ''].filter(Boolean).join(', ')
}

function folded(reasons: Reason[]): { reasons: Reason[]; more: number } {
  if (reasons.length <= mostReasons + 1) return { reasons, more: 0 }
  const kept = [...reasons.slice(0, 1), ...reasons.slice(-(mostReasons - 1))]
  const rest = reasons.slice(1, -(mostReasons - 1))
  const sum = rest.reduce((n, r) => n + r.units, 0)
  const folded = { units: sum, text: `${rest.length} more changes`, source: 'See the history', at: rest.at(-1)?.at ?? 0 }
  return { reasons: [...kept.slice(0, 1), folded, ...kept.slice(1)], more: rest.length }
}

/** The explanation as plain text, for a message to somebody. */
export function asText(sku: string, why: Why): string {
  const lines = why.reasons.map((r) => `${delta(r.units)}  ${r.text}${r.source ? `, ${r.source}` : ''}`)
  return [`${sku}: ${why.title}`, ...lines, `= ${count(why.result)} ${why.name}`].join('\n')
}
