import type { Store, Today } from '../../api'
import { amount, list } from '../../format/number'
import { timeOf } from '../../format/time'
import type { Tone } from '../../ui/tone'

/** The first line of the screen: whether everything is even, and what that rests on. */
export type Headline = { tone: Tone; title: string; text: string }

export function headline(today: Today, stores: Store[], paused: boolean): Headline {
  const on = stores.filter((s) => s.sync === 'on')
  const waiting = on.filter((s) => s.counts.due > 0)
  const due = waiting.reduce((n, s) => n + s.counts.due, 0)
  if (on.length === 0) {
    return { tone: 'off', title: 'Nothing is kept even yet.', text: 'No store is turned on, so no orders are read and nothing is sent.' }
  }
  const text = readText(on)
  if (today.needs.length > 0) return { tone: 'attn', title: `${amount(today.needs.length, ['# thing needs', '# things need'])} you.`, text }
  if (paused || on.every((s) => s.paused)) return { tone: 'pause', title: 'Sending is paused.', text }
  if (due > 0) {
    const where = waiting.length > 2 ? amount(waiting.length, ['# store', '# stores']) : list(waiting.map((s) => s.name))
    return { tone: 'behind', title: `Nearly even. ${amount(due, ['# listing is', '# listings are'])} on the way to ${where}.`, text }
  }
  return { tone: 'even', title: 'All even.', text }
}

/** When orders were read, by the store that was read longest ago. */
function readText(on: Store[]): string {
  const never = on.filter((s) => s.lastOrderPull === null)
  if (never.length > 0) return `The orders of ${list(never.map((s) => s.name))} have not been read yet.`
  const oldest = on.reduce((a, b) => ((a.lastOrderPull ?? 0) <= (b.lastOrderPull ?? 0) ? a : b), on[0] as Store)
  const at = oldest.lastOrderPull ?? 0
  return `Orders were read at ${timeOf(at)} and are read again at ${timeOf(Math.max(at + oldest.every, oldest.retryAt ?? 0))}.`
}
