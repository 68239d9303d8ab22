import type { AppError, Run, Store } from '../../api'
import { amount } from '../../format/number'
import { left } from '../../format/time'
import { keyEndSaid } from '../../parts/keyend'
import { outcomeSaid, progressText, runSummary, runName } from '../../parts/words'
import type { Tone } from '../../ui/tone'

/** The one line at the foot of a store's card: what most deserves to be known now. What a note beside the card says is left out. */
export type Status = { tone: Tone; text: string; link?: { text: string; to: 'held' | 'keys' | 'health' } }

export function status(s: Store, run: Run | undefined, error: AppError | undefined, noted = false): Status {
  if (s.activity) return { tone: 'behind', text: [`${progressText(s.activity)}.`, left(s.activity.leftMs)].filter(Boolean).join(' ') }
  if (error) return { tone: 'stop', text: error.message }
  if (s.needs !== null) return { tone: 'stop', text: s.needsText || `${s.name} refused the key. Nothing is sent to it until you connect again.`, link: { text: 'Enter new keys', to: 'keys' } }
  if (s.counts.held > 0) {
    return { tone: 'attn', text: `${amount(s.counts.held, ['# listing is', '# listings are'])} held by the safety catch.`, link: { text: 'Look at them', to: 'held' } }
  }
  if (s.lastError) return { tone: 'attn', text: s.lastError }
  if (run) return { tone: outcomeSaid(run.outcome).tone, text: `${runName(run.kind)}: ${lowerFirst(runSummary(run))}${run.note ? '' : '.'}` }
  if (s.keyEnd?.soon && !noted) return { tone: 'attn', text: keyEndSaid(s.keyEnd), link: { text: 'Renew', to: 'keys' } }
  if (s.warnings[0] && !noted) return { tone: 'attn', text: s.warnings[0] }
  if (s.sync !== 'on') return { tone: 'off', text: 'Sync is off: no orders are read and nothing is sent.' }
  if (s.paused) return { tone: 'pause', text: 'Sending is paused. Orders are still read.' }
  if (s.counts.due > 0) return { tone: 'behind', text: `${amount(s.counts.due, ['# listing waits', '# listings wait'])} to be sent.` }
  if (s.counts.untracked > 0) {
    return { tone: 'attn', text: `${amount(s.counts.untracked, ['# listing has', '# listings have'])} no stock tracking in the shop.`, link: { text: 'Look at them', to: 'health' } }
  }
  return { tone: 'even', text: s.counts.linked > 0 ? 'Every counted listing shows what Evenstock says.' : 'No listing with a SKU has been read yet.' }
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) && text.startsWith('Nothing') ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
