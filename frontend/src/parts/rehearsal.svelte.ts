import { type Because, type RehearsalFlag, type RehearsalRow, type Risk, type Table, type TableRisk, type TableTick, api } from '../api'
import { count } from '../format/number'
import { RemoteRows } from '../grid/rows.svelte'
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
  const sum = () => (b.from === 'copied' ? /* @wc-include */ `${count(b.inStock)} copied from this store − ${count(b.booked)} booked = ${count(b.available)}` : /* @wc-include */ `${count(b.inStock)} counted − ${count(b.booked)} booked = ${count(b.available)}`)
  const said = b.from === '' ? `${count(b.available)} available` : sum()
  return b.away === 0 ? said : /* @wc-include */ `${said}, away: −${count(b.away)}`
}

const sum = (risks: TableRisk[], of: 'rows' | 'changes' | 'ticked' | 'empties') => risks.reduce((n, r) => n + r[of], 0)

/** Rows that one question asks for where all of them are wanted. */
const many = 2000

/** Chosen is a rehearsal with the rows a person ticked. */
export class Chosen {
  readonly table: Table
  readonly rows: RemoteRows<RehearsalRow>
  risks = $state.raw<TableRisk[]>([])
  filter = $state<Risk | ''>('')

  constructor(table: Table) {
    this.table = table
    this.risks = table.risks
    this.rows = new RemoteRows((offset, limit) => this.#ask(offset, limit, this.filter))
    void this.rows.load()
  }

  #ask(offset: number, limit: number, risk: Risk | '') {
    return api.stores.tableRows({ table: this.table.id, risk, offset, limit })
  }

  /** Shows the rows of a risk, '' for all. */
  show(filter: Risk | ''): void {
    this.filter = filter
    void this.rows.other()
  }

  /** How many rows of a risk there are, would change, are ticked, or go to zero and are ticked. */
  of(risk: Risk | '', what: 'rows' | 'changes' | 'ticked' | 'empties'): number {
    return sum(risk === '' ? this.risks : this.risks.filter((r) => r.risk === risk), what)
  }

  get changing(): number {
    return sum(this.risks, 'changes')
  }

  /** How many rows would be sent: one that stays the same never is. */
  get sent(): number {
    return sum(this.risks, 'ticked')
  }

  async tick(row: RehearsalRow, on: boolean): Promise<void> {
    await this.#tick({ table: this.table.id, risk: riskOf(row), row: nameOf(row), on })
  }

  /** Ticks or unticks all rows that are shown. */
  async tickShown(on: boolean): Promise<void> {
    await this.#tick({ table: this.table.id, risk: this.filter, row: '', on })
  }

  async #tick(tick: TableTick): Promise<void> {
    this.risks = await api.stores.tick(tick)
    await this.rows.load()
  }

  /** The table as CSV, with quotes doubled and nothing a spreadsheet would take for a formula. */
  async csv(): Promise<string> {
    const lines = [line(['SKU', 'Title', 'Store has', 'Would get', 'Difference', 'Why', 'Risk', 'Ticked'])]
    for (let total = 1, at = 0; at < total; at += many) {
      const window = await this.#ask(at, many, '')
      total = window.total
      for (const r of window.rows)
        lines.push(line([r.sku, [r.title, r.place].filter(Boolean).join(', '), r.has, r.target, r.difference, r.because ? because(r.because) : r.why, r.flags.join(' '), r.ticked ? 'yes' : 'no']))
    }
    return lines.join('\r\n')
  }
}

const cell = (v: string | number | null) => (typeof v === 'number' ? String(v) : `"${String(v ?? '').replaceAll('"', '""').replace(/^[=+\-@\t]/, "'$&")}"`)
const line = (cells: (string | number | null)[]) => cells.map(cell).join(',')
