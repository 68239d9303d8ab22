import type { ListingState, Progress, Run, RunKind, RunOutcome, Store, StoreInShort, Term } from '../api'
import { amount, count } from '../format/number'
import type { Icon, Tone } from '../ui/tone'

/** A state as it is shown: the tone chooses icon and colour, the word says it. */
export type Said = { tone: Tone; word: string; busy?: boolean; icon?: Icon }

/** The one word for a store: the worst thing that is true of it. */
export function storeSaid(s: Store): Said {
  if (s.needs !== null) return { tone: 'stop', word: 'Key refused' }
  if (s.counts.held > 0) return { tone: 'attn', word: `${count(s.counts.held)} held` }
  if (s.lastError !== '') return { tone: 'attn', word: 'No answer' }
  if (s.sync !== 'on') return { tone: 'off', word: 'Off' }
  if (s.paused) return { tone: 'pause', word: 'Paused' }
  if (s.counts.due > 0) return { tone: 'behind', word: `${s.activity ? 'Sending' : 'Waiting'} ${count(s.counts.due)}`, busy: s.activity !== null }
  return { tone: 'even', word: 'Even' }
}

/** The same for a row of the sidebar, which knows less. */
export function shortSaid(s: StoreInShort): Said {
  switch (s.state) {
    case 'stopped':
      return { tone: 'stop', word: 'Stopped' }
    case 'attention':
      return { tone: 'attn', word: s.held > 0 ? `${count(s.held)} held` : 'No answer' }
    case 'paused':
      return { tone: 'pause', word: 'Paused' }
    case 'behind':
      return { tone: 'behind', word: s.due > 0 ? `Waiting ${count(s.due)}` : 'Working' }
    case 'off':
      return { tone: 'off', word: 'Off' }
    case 'even':
      return { tone: 'even', word: 'Even' }
  }
}

const listingStates: Record<ListingState, Said> = {
  even: { tone: 'even', word: 'Even' },
  due: { tone: 'behind', word: 'Waiting' },
  held: { tone: 'attn', word: 'Held' },
  refused: { tone: 'stop', word: 'Refused' },
  left: { tone: 'pause', word: 'Left as it is' },
  off: { tone: 'off', word: 'Sync is off' },
}

export function listingSaid(state: ListingState): Said {
  return listingStates[state]
}

const runNames: Record<RunKind, string> = {
  sync: 'Sync inventory & orders',
  inventory_refresh: 'Hard refresh inventory',
  listings_sync: 'Sync listings',
  listings_refresh: 'Hard refresh listings',
  turn_on: 'Turn sync on',
  undo_push: 'Undo of a push',
}

export function runName(kind: RunKind): string {
  return runNames[kind]
}

const outcomes: Record<RunOutcome, Said> = {
  '': { tone: 'behind', word: 'Running', busy: true },
  done: { tone: 'even', word: 'Done' },
  partly: { tone: 'attn', word: 'Partly done' },
  failed: { tone: 'stop', word: 'Not done' },
  refused: { tone: 'attn', word: 'Refused' },
  held: { tone: 'attn', word: 'Held' },
  cancelled: { tone: 'pause', word: 'Stopped by you' },
}

export function outcomeSaid(outcome: RunOutcome): Said {
  return outcomes[outcome]
}

const shortNames: Record<RunKind, string> = {
  sync: 'Sync',
  inventory_refresh: 'Hard refresh',
  listings_sync: 'Sync listings',
  listings_refresh: 'Hard refresh of listings',
  turn_on: 'Turned on',
  undo_push: 'Push undone',
}

/** The same where there is little room. */
export function runShort(kind: RunKind): string {
  return shortNames[kind]
}

/** What a run did, in one line. */
export function runSummary(r: Run): string {
  if (r.note) return r.note
  const parts = [
    r.ordersChanged > 0 && `${amount(r.ordersChanged, ['# order', '# orders'])} changed`,
    r.listingsRead > 0 && `${amount(r.listingsRead, ['# listing', '# listings'])} read`,
    r.written > 0 && `${amount(r.written, ['# listing', '# listings'])} sent`,
    r.alreadyRight > 0 && `${count(r.alreadyRight)} already right`,
    r.refused > 0 && `${count(r.refused)} refused`,
    r.held > 0 && `${count(r.held)} held`,
    r.pending > 0 && `${count(r.pending)} waiting`,
  ].filter((p) => p !== false)
  return parts.length > 0 ? parts.join(', ') : 'Nothing had changed'
}

/** The phases of a run, as the engine calls them, its blanks written as underlines. */
const phases: Record<string, string> = {
  read_listings: 'Read listings',
  read_orders: 'Read orders',
  read_numbers: 'Read numbers',
  send: 'Send',
  read_orders_once_more: 'Read orders once more',
  wait_for_the_shop: 'Wait for the shop',
  copy_numbers: 'Copy numbers',
  add_open_units: 'Add open units',
  compare_numbers: 'Compare numbers',
  clear_what_waited: 'Clear what waited',
  settle_its_bookings: 'Settle its bookings',
}

/** What a store is doing, in words, with how far it has come. */
export function progressText(p: Progress): string {
  const phase = phases[p.phase.replaceAll(' ', '_')] ?? p.phase
  if (p.total > 0) return `${phase}, ${count(p.done)} of ${count(p.total)}`
  return p.done > 0 ? `${phase}, ${count(p.done)} so far` : phase
}

const movements: Record<string, string> = {
  count: 'Counted',
  adjustment: 'Adjusted',
  import: 'Imported',
  receipt: 'Received',
  transfer: 'Transferred',
  copy: 'Copied from the store',
  on_top: 'Added as open units on top of the count',
  booked: 'Booked by order',
  released: 'Released by order',
  fulfilled: 'Fulfilled with order',
  written_off: 'Written off with order',
  returned: 'Returned with order',
  undo: 'Undone',
}

/** What happened, as the history tells it. */
export function termText(t: Term): string {
  const name = termName(t)
  if (t.kind === 'copy') return name
  if (t.cause && t.cause.order !== '') return `${name} #${t.cause.order}, ${t.cause.store}`
  const what = t.actor === 'you' ? `${name} by you` : name
  const why = [t.reason, t.note].filter(Boolean).join(': ')
  return why ? `${what}. ${why}` : what
}

/** The same in a few words, for the lines of an explanation. */
export function termName(t: Term): string {
  // The reason of a copy names the store it came from, and says all there is to say.
  if (t.kind === 'copy' && t.reason) return t.reason.charAt(0).toUpperCase() + t.reason.slice(1)
  return movements[t.kind] ?? t.kind
}
