import { type PushOutcome, type StockChange, type StockChanged, api } from '../api'
import { newKey } from '../api/key'
import { amount, count } from '../format/number'
import { toasts } from '../ui/toasts.svelte'

/** How long the message about a change waits to say what the shops were told. */
const settleMs = 4_000

/** Changes In stock and says so with an Undo. Rejects with what the program says when it cannot. */
export async function changeStock(change: Omit<StockChange, 'key'>): Promise<StockChanged> {
  const changed = await api.stock.change({ ...change, key: newKey() })
  const now = `In stock of ${change.sku} is now ${count(changed.stock.inStock)}.`
  const more = changed.notices.length > 0 ? ` ${changed.notices.join(' ')}` : ''
  const better = toasts.say(now + more, () => undoChange(changed.seq, change.sku))
  void api.stock.settle(changed.item, settleMs).then(
    (pushes) => better([now, sentTo(pushes)].filter(Boolean).join(' ') + more),
    () => {}, // the change itself is kept; what becomes of the sends stands in the listings
  )
  return changed
}

/** Takes a change back by a counter-entry and returns the sentence that says so. */
export async function undoChange(seq: number, sku: string): Promise<string> {
  const { stock } = await api.stock.undo(seq)
  return stock.inStock === null ? `Undone. ${sku} needs a first count again.` : `Undone. In stock of ${sku} is ${count(stock.inStock)} again.`
}

function sentTo(pushes: PushOutcome[]): string {
  const stores = (fits: (p: PushOutcome) => boolean) => new Set(pushes.filter(fits).map((p) => p.store)).size
  const sent = stores((p) => p.outcome === 'written' || p.outcome === 'alreadyRight')
  const waiting = stores((p) => p.outcome === 'pending')
  const parts = [
    sent > 0 && `Sent to ${amount(sent, ['# store', '# stores'])}.`,
    waiting > 0 && `${amount(waiting, ['# store', '# stores'])} will get it as soon as possible.`,
  ]
  return parts.filter(Boolean).join(' ')
}
