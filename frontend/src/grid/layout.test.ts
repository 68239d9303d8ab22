import { beforeEach, expect, test } from 'vitest'
import type { Column } from './columns'
import { Layout } from './layout.svelte'
import { Selection } from './selection.svelte'

const columns: Column<object>[] = [
  { id: 'tick', header: '', width: 15, pinned: true },
  { id: 'sku', header: 'SKU', width: 124, pinned: true },
  { id: 'inStock', header: 'In stock', width: 64 },
  { id: 'booked', header: 'Booked', width: 58 },
  { id: 'listings', header: 'Listings', width: 70, optional: true },
]
const ids = (layout: Layout) => layout.apply(columns).map((c) => `${c.id} ${c.width}`)

beforeEach(() => localStorage.clear())

test('columns are chosen, ordered and resized, and the next window has them the same', () => {
  const layout = new Layout('stock')
  expect(ids(layout)).toEqual(['tick 15', 'sku 124', 'inStock 64', 'booked 58'])
  layout.show(columns[4]!, true)
  layout.show(columns[3]!, false)
  layout.move(columns, 'listings', -1)
  layout.move(columns, 'listings', -1)
  layout.move(columns, 'listings', -1)
  layout.resize('sku', 200)
  const want = ['tick 15', 'sku 200', 'listings 70', 'inStock 64']
  expect(ids(layout)).toEqual(want)
  expect(ids(new Layout('stock'))).toEqual(want)
  expect(ids(new Layout('orders'))).toHaveLength(4)
  layout.reset()
  expect(ids(new Layout('stock'))).toEqual(['tick 15', 'sku 124', 'inStock 64', 'booked 58'])
})

test('what was damaged is not followed', () => {
  localStorage.setItem('layout.stock', '{')
  expect(ids(new Layout('stock'))).toHaveLength(4)
})

test('a selection holds single rows, or all but some', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((sku) => ({ sku }))
  const s = new Selection<{ sku: string }>((r) => r.sku)
  s.toggle(a!, 0)
  s.add([a!, b!])
  expect([s.count(100), s.has(a!), s.has(c!), s.some]).toEqual([2, true, false, true])
  s.toggle(a!, 0)
  expect([s.count(100), s.has(a!)]).toEqual([1, false])
  s.everything()
  expect([s.count(100), s.has(c!)]).toEqual([100, true])
  s.toggle(c!, 2)
  expect([s.count(100), s.has(c!), s.named]).toEqual([99, false, [c]])
  s.add([c!])
  expect(s.count(100)).toBe(100)
  s.clear()
  expect([s.count(100), s.some]).toEqual([0, false])
})
