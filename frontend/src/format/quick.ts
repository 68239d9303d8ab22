/** A change of In stock as it is typed into the grid: +15 adds, -3 subtracts, =50 or 50 sets. */
export type Quick = { op: 'add' | 'subtract' | 'set'; quantity: number }

/** The most units one typed change may name; the books hold far more, a typing mistake does not. */
export const mostTyped = 10_000_000

/** Reads what was typed; undefined while it is not a whole number. Minus signs of every keyboard are understood. */
export function parseQuick(typed: string): Quick | undefined {
  const text = typed.replaceAll(/[\s\u00a0\u202f]/g, '').replaceAll(/[−–—]/g, '-')
  const match = /^([+\-=]?)(\d{1,9})$/.exec(text)
  if (!match) return undefined
  const quantity = Number(match[2])
  if (quantity > mostTyped) return undefined
  const op = match[1] === '+' ? 'add' : match[1] === '-' ? 'subtract' : 'set'
  return { op, quantity }
}

/** What In stock would be after the change. Adding to a product that was never counted counts from 0. */
export function after(quick: Quick, inStock: number | null, booked: number, packed: boolean): number {
  if (quick.op === 'set') return quick.quantity + (packed ? booked : 0)
  return (inStock ?? 0) + (quick.op === 'add' ? quick.quantity : -quick.quantity)
}
