// How the numbers of a product came about.

export type Term = {
  seq: number
  at: number
  kind: string
  warehouse?: string
  inStock: number
  booked: number
  inStockAfter: number | null
  bookedAfter: number
  actor: string
  reason: string
  note: string
  cause: { store: string; order: string; line: string } | null
  undone: boolean
}

export type PushLog = { store: string; listing: string; place?: string; target: number; at: number; outcome: string }

export type Explanation = {
  sku: string
  inStock: number | null
  booked: number
  available: number | null
  terms: Term[]
  pushes: PushLog[]
}

/** What the numbers of a product were from a moment on, until the next point. */
export type Point = { at: number; inStock: number | null; booked: number; available: number | null }

/** How the numbers of a product changed: moved is how often, points are at most 200 of those moments. */
export type OverTime = { sku: string; moved: number; points: Point[] }
