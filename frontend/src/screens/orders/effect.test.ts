import { describe, expect, test } from 'vitest'
import type { Order, OrderLine } from '../../api'
import { effectOf, lineText, linesText, orderSaid } from './effect'

const line = (more: Partial<OrderLine>): OrderLine => ({
  id: '1/2/3', sku: 'APPLE', title: 'Apple', product: 'APPLE', ordered: 4, fulfilled: 0, released: 0, writtenOff: 0, returned: 0, booked: 0, baseline: false, ...more,
})
const order = (state: Order['state'], ...lines: OrderLine[]): Order => ({
  store: 'Trade', storeId: 1, ref: '7', number: '7', placedAt: 0, updatedAt: 0, storeStatus: 'processing', state, notice: '', lines,
})

describe('the effect of an order on stock', () => {
  test.each([
    ['placed', line({ booked: 4 }), { inStock: 0, booked: 4, available: -4 }],
    ['fulfilled', line({ fulfilled: 4 }), { inStock: -4, booked: 0, available: -4 }],
    ['cancelled', line({ released: 4 }), { inStock: 0, booked: 0, available: 0 }],
    ['not restocked', line({ writtenOff: 4 }), { inStock: -4, booked: 0, available: -4 }],
    ['returned', line({ fulfilled: 4, returned: 4 }), { inStock: 0, booked: 0, available: 0 }],
    ['fulfilled before sync was on', line({ fulfilled: 4, baseline: true }), { inStock: 0, booked: 0, available: 0 }],
    ['without a product', line({ product: null, booked: 4 }), { inStock: 0, booked: 0, available: 0 }],
  ])('%s', (_, l, want) => {
    expect(effectOf([l])).toEqual(want)
  })
})

test('an order in words', () => {
  expect(linesText(order('open', line({})))).toBe('4 × APPLE')
  expect(linesText(order('open', line({}), line({ ordered: 2 })))).toBe('2 lines, 6 units')
  expect(lineText(line({ fulfilled: 2, released: 1 }))).toBe('4 ordered, 2 shipped, 1 cancelled')
})

test('the worst thing about an order is its state', () => {
  expect(orderSaid(order('open', line({ product: null }))).word).toBe('1 unmatched')
  expect(orderSaid(order('closed', line({ fulfilled: 4 }))).word).toBe('Fulfilled')
  expect(orderSaid(order('closed', line({ released: 4 }))).word).toBe('Cancelled')
  expect(orderSaid(order('ignored', line({ product: null }))).word).toBe('Takes no stock')
})
