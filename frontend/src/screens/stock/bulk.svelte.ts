import { type StockChange, type StockRow, api, toAppError } from '../../api'
import { newKey } from '../../api/key'
import { amount } from '../../format/number'
import { type Quick, after } from '../../format/quick'
import { toasts } from '../../ui/toasts.svelte'

/** Products that are changed at once at most; more than that is an import. */
export const mostChanged = 10_000

/** Products asked for at once: what the program gives at most. */
const asked = 200

/** The rows with their numbers in one warehouse, which is where they would be changed. */
export async function inWarehouse(rows: StockRow[], code: string): Promise<StockRow[]> {
  const out: StockRow[] = []
  for (let i = 0; i < rows.length; i += asked) {
    const some = rows.slice(i, i + asked)
    const there = await api.warehouses.stock(code, some.map((r) => r.id))
    for (const [n, row] of some.entries()) {
      const at = there[n]
      if (at) out.push({ ...row, inStock: at.inStock ?? null, booked: at.booked, available: at.available ?? null, counted: at.counted })
    }
  }
  return out
}

/** Changes of one call. Between two calls the progress moves, and Stop is heard. */
const part = 100

/** What a row has, would get, and how far that is. */
export type Preview = { row: StockRow; has: number | null; gets: number; difference: number }

export function preview(rows: StockRow[], quick: Quick): Preview[] {
  return rows.map((row) => {
    const gets = after(quick, row.inStock, row.booked, false)
    return { row, has: row.inStock, gets, difference: gets - (row.inStock ?? 0) }
  })
}

/** Whether a row would not stay as it is. A first count of 0 is a count. */
export function changes(p: Preview): boolean {
  return p.difference !== 0 || p.has === null
}

/** The changes that a preview comes to, each with its own key; without a warehouse they are made in the main one. */
export function changesOf(previews: Preview[], quick: Quick, reason: string, warehouse = ''): StockChange[] {
  return previews
    .filter(changes)
    .map((p) => ({
      sku: p.row.sku,
      op: quick.op === 'set' ? 'set' : 'add',
      quantity: quick.op === 'subtract' ? -quick.quantity : quick.quantity,
      packed: false,
      reason: quick.op === 'set' ? '' : reason,
      note: '',
      warehouse,
      key: newKey(),
    }))
}

/** One change of many products: part by part, until it is done or stopped. */
export class Bulk {
  done = $state(0)
  total = $state(0)
  running = $state(false)
  refused = $state.raw<{ sku: string; why: string }[]>([])
  #stop = false

  stop(): void {
    this.#stop = true
  }

  /** Applies the changes and says what came of it, with one Undo for all. Resolves to whether nothing was refused. */
  async run(changes: StockChange[]): Promise<boolean> {
    this.running = true
    this.#stop = false
    this.refused = []
    this.done = 0
    this.total = changes.length
    const seqs: number[] = []
    const notices = new Set<string>()
    try {
      for (let i = 0; i < changes.length && !this.#stop; i += part) {
        const { rows, notices: told } = await api.stock.changeMany(changes.slice(i, i + part))
        seqs.push(...rows.filter((r) => r.seq > 0).map((r) => r.seq))
        this.refused = [...this.refused, ...rows.filter((r) => r.seq === 0).map((r) => ({ sku: r.sku, why: r.refused }))]
        for (const n of told) notices.add(n)
        this.done += rows.length
      }
    } catch (e) {
      notices.add(toAppError(e).message)
    }
    this.running = false
    const left = changes.length - this.done
    const stopped = left > 0 ? amount(left, ['Stopped; # product keeps its old number.', 'Stopped; # products keep their old number.']) : ''
    const said = [amount(seqs.length, ['In stock of # product changed.', 'In stock of # products changed.']), stopped, ...notices]
    toasts.say(said.filter(Boolean).join(' '), seqs.length > 0 ? () => undoAll(seqs) : undefined)
    return this.refused.length === 0 && left === 0
  }
}

/** Takes many changes back, the newest first. */
export async function undoAll(seqs: number[]): Promise<string> {
  let undone = 0
  const refused = new Set<string>()
  for (let end = seqs.length; end > 0; end -= part) {
    const answer = await api.stock.undoMany(seqs.slice(Math.max(0, end - part), end))
    undone += answer.undone
    for (const why of answer.refused) refused.add(why)
  }
  return [amount(undone, ['Undone for # product.', 'Undone for # products.']), ...[...refused].slice(0, 1)].join(' ')
}
