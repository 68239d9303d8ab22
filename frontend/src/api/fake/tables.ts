import { AppError } from '../error'
import type * as T from '../types'

const order: T.Risk[] = ['zero', 'halved', 'negative', 'duplicate', 'not_deducted', 'small', 'unset', 'same']
const flags: T.RehearsalFlag[] = ['zero', 'halved', 'negative', 'duplicate', 'not_deducted', 'unset']

const riskOf = (r: T.RehearsalRow): T.Risk => flags.find((f) => r.flags.includes(f)) ?? (r.difference === 0 ? 'same' : 'small')
const nameOf = (r: T.RehearsalRow) => (r.location ? `${r.listing}@${r.location}` : r.listing)

/** The rows behind the tables that the page was given. */
export class Tables {
  #kept: T.RehearsalRow[][] = []

  keep(r: T.Rehearsal): T.Table {
    const rows = r.rows.map((row) => ({ ...row })).sort((a, b) => order.indexOf(riskOf(a)) - order.indexOf(riskOf(b)))
    const id = this.#kept.push(rows)
    return { id, store: r.store, totals: r.totals, risks: sums(rows) }
  }

  rows(q: T.TableQuery): { total: number; rows: T.RehearsalRow[] } {
    const rows = this.#of(q.table, q.risk)
    return { total: rows.length, rows: rows.slice(q.offset, q.offset + q.limit).map((r) => ({ ...r })) }
  }

  tick(t: T.TableTick): T.TableRisk[] {
    for (const r of this.#of(t.table, t.risk)) if (r.difference && (t.row === '' || nameOf(r) === t.row)) r.ticked = t.on
    return sums(this.#of(t.table, ''))
  }

  #of(table: number, risk: T.Risk | ''): T.RehearsalRow[] {
    const rows = this.#kept[table - 1]
    if (!rows) throw new AppError('not_found', 'This list is no longer kept. Read it again.')
    return risk === '' ? rows : rows.filter((r) => riskOf(r) === risk)
  }
}

function sums(rows: T.RehearsalRow[]): T.TableRisk[] {
  return order
    .map((risk) => {
      const of = rows.filter((r) => riskOf(r) === risk)
      const ticked = of.filter((r) => r.difference && r.ticked)
      return { risk, rows: of.length, changes: of.filter((r) => r.difference).length, ticked: ticked.length, empties: ticked.filter((r) => r.target === 0).length }
    })
    .filter((s) => s.rows > 0)
}
