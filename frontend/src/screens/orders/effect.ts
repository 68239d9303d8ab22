import CircleDot from '@lucide/svelte/icons/circle-dot'
import CircleX from '@lucide/svelte/icons/circle-x'
import PackageCheck from '@lucide/svelte/icons/package-check'
import Unlink from '@lucide/svelte/icons/unlink'
import type { Order, OrderLine } from '../../api'
import { amount, count } from '../../format/number'
import type { Said } from '../../parts/words'

/** What lines have done to stock. A line of before sync was turned on, or without a product, has done nothing. */
export function effectOf(lines: OrderLine[]): { inStock: number; booked: number; available: number } {
  const counted = lines.filter((l) => l.product !== null)
  const booked = counted.reduce((n, l) => n + l.booked, 0)
  const inStock = counted.filter((l) => !l.baseline).reduce((n, l) => n - l.fulfilled - l.writtenOff + l.returned, 0)
  return { inStock, booked, available: inStock - booked }
}

/** "4 × MUG-350-CRM" or "3 lines, 6 units". */
export function linesText(order: Order): string {
  const only = order.lines.length === 1 ? order.lines[0] : undefined
  if (only) return `${count(only.ordered)} × ${only.sku || only.title}`
  const units = order.lines.reduce((n, l) => n + l.ordered, 0)
  return `${amount(order.lines.length, ['# line', '# lines'])}, ${amount(units, ['# unit', '# units'])}`
}

/** What happened to a line, in words: "2 ordered, 1 shipped". */
export function lineText(l: OrderLine): string {
  const parts = [
    `${count(l.ordered)} ordered`,
    l.fulfilled > 0 && `${count(l.fulfilled)} shipped`,
    l.released > 0 && `${count(l.released)} cancelled`,
    l.writtenOff > 0 && `${count(l.writtenOff)} not restocked`,
    l.returned > 0 && `${count(l.returned)} returned`,
  ]
  return parts.filter(Boolean).join(', ')
}

export function orderSaid(o: Order): Said {
  const unmatched = o.lines.filter((l) => l.product === null).length
  if (o.state !== 'ignored' && unmatched > 0) return { tone: 'attn', word: `${count(unmatched)} unmatched`, icon: Unlink }
  switch (o.state) {
    case 'open':
      return { tone: 'behind', word: 'Open', icon: CircleDot }
    case 'part':
      return { tone: 'unset', word: 'Part shipped' }
    case 'ignored':
      return { tone: 'off', word: 'Takes no stock' }
    case 'closed':
      return o.lines.some((l) => l.fulfilled > 0) ? { tone: 'pause', word: 'Fulfilled', icon: PackageCheck } : { tone: 'off', word: 'Cancelled', icon: CircleX }
  }
}
