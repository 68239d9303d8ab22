import type { Need, Store, Today } from '../../api'
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

/** Where the one button of a need leads. */
export type Place = 'store' | 'keys' | 'held' | 'health' | 'oversold' | 'unset'

export type NeedSaid = { tone: Tone; title: string; text: string; button: string; to: Place }

export function needSaid(n: Need): NeedSaid {
  switch (n.kind) {
    case 'keys':
      return { tone: 'stop', title: `${n.store} refused the key`, text: n.text || 'Nothing is sent to it until you connect again.', button: 'Enter new keys', to: 'keys' }
    case 'orders':
      return { tone: 'attn', title: `The orders of ${n.store} are not up to date`, text: n.text || 'They have not been read for a while, so its numbers may be old.', button: 'Look', to: 'store' }
    case 'held':
      return { tone: 'attn', title: `${amount(n.count, ['# number is', '# numbers are'])} held for ${n.store}`, text: 'The safety catch sends nothing to these listings until you say so.', button: 'Decide', to: 'held' }
    case 'refused':
      return { tone: 'stop', title: `${n.store} keeps refusing ${amount(n.count, ['# number', '# numbers'])}`, text: 'They are tried again by themselves; the others were accepted.', button: 'Look', to: 'store' }
    case 'oversold':
      return { tone: 'stop', title: `${amount(n.count, ['# product is', '# products are'])} oversold`, text: 'More is promised to customers than there is. All shops show 0.', button: 'Look', to: 'oversold' }
    case 'unmatched':
      return { tone: 'attn', title: `${amount(n.count, ['# order line matches', '# order lines match'])} no product`, text: 'Nothing is booked for them until they are matched.', button: 'Match', to: 'health' }
    case 'review':
      return { tone: 'attn', title: `${amount(n.count, ['# order has', '# orders have'])} a question`, text: 'The shop did not say what became of some units.', button: 'Answer', to: 'health' }
    case 'renamed':
      return { tone: 'attn', title: `${amount(n.count, ['# listing has', '# listings have'])} another SKU now`, text: 'Was the product renamed, or is it another one?', button: 'Answer', to: 'health' }
    case 'unset':
      return { tone: 'unset', title: `${amount(n.count, ['# product needs', '# products need'])} a first count`, text: 'They are never sent until you count them.', button: 'Count', to: 'unset' }
  }
}
