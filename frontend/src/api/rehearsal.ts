/** Table is the rehearsal whose ticks say which rows are sent, 0 where push and rows say it. */
export type Answers = { copy: boolean; onTop: boolean; push: '' | 'all' | 'none' | 'some'; rows: string[]; table: number }

export type RehearsalFlag = 'zero' | 'halved' | 'unset' | 'duplicate' | 'negative' | 'not_deducted'

/** From is where the number in stock comes from; "" where only available is known. */
export type Because = { from: 'counted' | 'copied' | ''; inStock: number; booked: number; available: number; away: number }

export type RehearsalRow = {
  listing: string
  location?: string
  place?: string
  sku: string
  title: string
  has: number | null
  target: number | null
  difference: number | null
  why: string
  /** What why says, where it is a sum: in stock − booked = available, of which away is held back. */
  because?: Because
  flags: RehearsalFlag[]
  ticked: boolean
  since?: number | null
}

export type Totals = {
  rows: number
  changes: number
  same: number
  zero: number
  halved: number
  unset: number
  ticked: number
  openOrders: number
  openUnits: number
}

export type Rehearsal = { store: string; rows: RehearsalRow[]; totals: Totals }

/** What a row is called by: the worst of its flags, or that it changes a little or not at all. */
export type Risk = RehearsalFlag | 'small' | 'same'

/** The rows of one risk: ticked are those that would be sent, empties those of them that go to zero. */
export type TableRisk = { risk: Risk; rows: number; changes: number; ticked: number; empties: number }

/** A rehearsal, or what is held back. Its rows, worst first, stay with the program, which is asked for those in sight. */
export type Table = { id: number; store: string; totals: Totals; risks: TableRisk[] }

/** At most 2,000 rows; risk "" is all of them. */
export type TableQuery = { table: number; risk: Risk | ''; offset: number; limit: number }

/** Ticks one row by its name, or with row "" all of a risk that change. */
export type TableTick = { table: number; risk: Risk | ''; row: string; on: boolean }
