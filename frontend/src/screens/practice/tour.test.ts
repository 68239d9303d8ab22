import { describe, expect, test } from 'vitest'
import type { Product } from '../../api'
import { type Seen, apples, shownBy, steps } from './tour'

function seen(inStock: number | null, booked: number, shown: number[]): Seen {
  return {
    product: { inStock, booked, available: inStock === null ? null : inStock - booked, online: shown } as unknown as Product,
    practice: {
      live: false,
      shops: shown.map((quantity, store) => ({ store, now: 0, ahead: 0, broken: '', left: 0, hiding: 0, orders: [], items: [{ id: 1, ...apples, quantity }] })),
    },
  }
}

describe('the apples', () => {
  const [offered, counted, ordered, shipped] = steps('key')

  test('each step holds for its own numbers and for no other step', () => {
    expect(offered?.holds(seen(null, 0, [50, 50, 50]))).toBe(true)
    expect(counted?.holds(seen(50, 0, [50, 50, 50]))).toBe(true)
    expect(counted?.holds(seen(50, 4, [46, 46, 46]))).toBe(false)
    expect(ordered?.holds(seen(50, 4, [46, 46, 46]))).toBe(true)
    expect(shipped?.holds(seen(46, 0, [46, 46, 46]))).toBe(true)
  })
  test('one store that shows another number is not even', () => {
    expect(ordered?.holds(seen(50, 4, [46, 50, 46]))).toBe(false)
    expect(counted?.holds({ ...seen(50, 0, [50]), product: null })).toBe(false)
  })
  test('a store without apples shows none', () => {
    const without = seen(50, 0, [50])
    expect(shownBy({ ...without, practice: { live: false, shops: without.practice.shops.map((s) => ({ ...s, items: [] })) } })).toEqual([-1])
  })
})
