import type { Term } from '../../api'
import { termText } from '../../parts/words'

/** Which part of a product's history is shown: what orders did, what was done by hand or by a file, what was taken back. */
export type Part = 'all' | 'orders' | 'hand' | 'undone'

const fits: Record<Part, (t: Term) => boolean> = {
  all: () => true,
  orders: (t) => t.cause !== null && t.cause.order !== '',
  hand: (t) => t.cause === null || t.cause.order === '',
  undone: (t) => t.undone || t.kind === 'undo',
}

/** How many entries each part has. */
export function partsOf(terms: Term[]): Record<Part, number> {
  const sizes: Record<Part, number> = { all: 0, orders: 0, hand: 0, undone: 0 }
  for (const part of Object.keys(fits) as Part[]) sizes[part] = terms.filter(fits[part]).length
  return sizes
}

/** The entries of a part that hold what was typed, the newest first. They are searched as they read on the screen. */
export function termsOf(terms: Term[], part: Part, typed: string): Term[] {
  const wanted = typed.trim().toLowerCase()
  return terms.filter((t) => fits[part](t) && termText(t).toLowerCase().includes(wanted)).reverse()
}
