import { SvelteSet } from 'svelte/reactivity'
import type { Answers, Because, Rehearsal, RehearsalFlag, RehearsalRow } from '../api'
import { count } from '../format/number'
import type { Tone } from '../ui/tone'

/** The risks of a row, worst first; the first that applies is its name. */
export const risks: { flag: RehearsalFlag; name: string; short: string; tone: Tone }[] = [
  { flag: 'zero', name: 'Goes to zero', short: 'To zero', tone: 'stop' },
  { flag: 'halved', name: 'Falls by more than half', short: 'Falls by half', tone: 'attn' },
  { flag: 'negative', name: 'Below zero in the shop', short: 'Below zero', tone: 'attn' },
  { flag: 'duplicate', name: 'SKU stands twice', short: 'Twice', tone: 'attn' },
  { flag: 'not_deducted', name: 'Not deducted by the shop', short: 'Not deducted', tone: 'attn' },
  { flag: 'unset', name: 'Unset, not sent', short: 'Unset', tone: 'unset' },
]

export type Risk = RehearsalFlag | 'small' | 'same'

export function riskOf(row: RehearsalRow): Risk {
  return risks.find((r) => row.flags.includes(r.flag))?.flag ?? (row.difference === 0 ? 'same' : 'small')
}

export function changes(row: RehearsalRow): boolean {
  return row.difference !== null && row.difference !== 0
}

/** How a row is chosen: its listing, and the location behind an @ where the shop has some. */
export function nameOf(row: RehearsalRow): string {
  return row.location ? `${row.listing}@${row.location}` : row.listing
}

/** Why a row would get its number, with the location where the shop has some. */
export function whyOf(row: RehearsalRow): string {
  const why = row.because ? because(row.because) : row.why
  return row.place ? `${row.place}: ${why}` : why
}

function because(b: Because): string {
  const sum = () => (b.from === 'copied' ? `${count(b.inStock)} copied from this store − ${count(b.booked)} booked = ${count(b.available)}` : `${count(b.inStock)} counted − ${count(b.booked)} booked = ${count(b.available)}`)
  const said = b.from === '' ? `${count(b.available)} available` : sum()
  return b.away === 0 ? said : `${said}, away: −${count(b.away)}`
}

/** Chosen is a rehearsal with the rows a person ticked. */
export class Chosen {
  readonly rehearsal: Rehearsal
  readonly ticked: SvelteSet<string>
  filter = $state<Risk | ''>('')
  readonly rows: RehearsalRow[]

  constructor(rehearsal: Rehearsal) {
    this.rehearsal = rehearsal
    const order: Risk[] = [...risks.filter((r) => r.flag !== 'unset').map((r) => r.flag), 'small', 'unset', 'same']
    this.rows = rehearsal.rows.toSorted((a, b) => order.indexOf(riskOf(a)) - order.indexOf(riskOf(b)))
    this.ticked = new SvelteSet(rehearsal.rows.filter((r) => r.ticked).map(nameOf))
  }

  get shown(): RehearsalRow[] {
    return this.filter === '' ? this.rows : this.rows.filter((r) => riskOf(r) === this.filter)
  }

  get changing(): RehearsalRow[] {
    return this.rows.filter(changes)
  }

  /** The rows that would be sent: a row that stays the same never is. */
  get sent(): RehearsalRow[] {
    return this.changing.filter((r) => this.ticked.has(nameOf(r)))
  }

  tick(row: RehearsalRow, on: boolean): void {
    if (on) this.ticked.add(nameOf(row))
    else this.ticked.delete(nameOf(row))
  }

  /** Ticks or unticks all rows in sight. */
  tickShown(on: boolean): void {
    for (const row of this.shown.filter(changes)) this.tick(row, on)
  }

  /** The choice in the words of the wizard's answers. */
  get push(): Pick<Answers, 'push' | 'rows'> {
    const sent = this.sent
    if (sent.length === 0) return { push: 'none', rows: [] }
    if (sent.length === this.changing.length) return { push: 'all', rows: [] }
    return { push: 'some', rows: sent.map(nameOf) }
  }

  /** The table as CSV, with quotes doubled and nothing a spreadsheet would take for a formula. */
  get csv(): string {
    const cell = (v: string | number | null) => `"${String(v ?? '').replaceAll('"', '""').replace(/^[=+\-@\t]/, "'$&")}"`
    const head = ['SKU', 'Title', 'Store has', 'Would get', 'Difference', 'Why', 'Risk', 'Ticked']
    const rows = this.rows.map((r) => [r.sku, [r.title, r.place].filter(Boolean).join(', '), r.has, r.target, r.difference, r.because ? because(r.because) : r.why, r.flags.join(' '), this.ticked.has(nameOf(r)) ? 'yes' : 'no'])
    const line = (cells: (string | number | null)[]) => cells.map((c) => (typeof c === 'number' ? String(c) : cell(c))).join(',')
    return [head, ...rows].map(line).join('\r\n')
  }
}
