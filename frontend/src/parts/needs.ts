import type { Need } from '../api'
import { amount } from '../format/number'
import { dateOf } from '../format/time'
import { router } from '../route.svelte'
import { stockList } from '../stocklist.svelte'
import { storeTab } from '../storetab.svelte'
import type { Tone } from '../ui/tone'

/** What has to be known of a thing that waits for a person. */
type Needed = Pick<Need, 'kind' | 'count' | 'store' | 'text' | 'by'>

/** Where the one button of a need leads. */
export type Place = 'store' | 'keys' | 'held' | 'health' | 'oversold' | 'unset' | 'settings'

export type NeedSaid = { tone: Tone; title: string; text: string; button: string; to: Place }

export function needSaid(n: Needed): NeedSaid {
  switch (n.kind) {
    case 'keys':
      return { tone: 'stop', title: `${n.store} refused the key`, text: n.text || 'Nothing is sent to it until you connect again.', button: 'Enter new keys', to: 'keys' }
    case 'orders':
      return { tone: 'attn', title: `The orders of ${n.store} are not up to date`, text: n.text || 'They have not been read for a while, so its numbers may be old.', button: 'Look', to: 'store' }
    case 'backup':
      return { tone: 'stop', title: 'The nightly backup failed', text: n.text || 'The books are as they were. Back them up by hand, or wait for the next night.', button: 'Look', to: 'settings' }
    case 'key_ends':
      return { tone: 'attn', title: `A key of ${n.store} ends on ${dateOf(n.by)}`, text: n.text, button: 'Renew', to: 'keys' }
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

/** Goes to where the button of a need leads. */
export function goTo(to: Place, store: number): void {
  if (to === 'health' || to === 'settings') return router.go({ at: to })
  if (to === 'oversold' || to === 'unset') {
    stockList.query = ''
    stockList.filter = to
    return router.go({ at: 'stock' })
  }
  storeTab.value = to === 'held' ? 'held' : to === 'keys' ? 'settings' : 'overview'
  router.go({ at: 'store', id: store })
}
