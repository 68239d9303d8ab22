import { beforeEach, describe, expect, test } from 'vitest'
import { type StockChange, type StockRow, api, connect } from '../../api'
import { backend } from '../../api/fake'
import { toasts } from '../../ui/toasts.svelte'
import { Bulk, changesOf, inWarehouse, preview } from './bulk.svelte'
import { rowsBetween } from './matching'
import { writable } from './sheet'

const row = (sku: string, inStock: number | null, booked = 0): StockRow => ({
  id: 1, sku, title: sku, variant: '', inStock, booked, available: inStock === null ? null : inStock - booked, counted: inStock !== null,
  oversold: 0, listings: 0, changed: null, stores: [],
})
const what = { query: '', filter: '', sort: 'sku' } as const

beforeEach(() => connect(backend()))

describe('what many changes would come to', () => {
  const rows = [row('A', 10, 4), row('B', 0), row('C', null)]
  test('set, add and subtract', () => {
    expect(preview(rows, { op: 'set', quantity: 10 }).map((p) => [p.has, p.gets, p.difference])).toEqual([[10, 10, 0], [0, 10, 10], [null, 10, 10]])
    expect(preview(rows, { op: 'subtract', quantity: 3 }).map((p) => p.gets)).toEqual([7, -3, -3])
  })
  test('what stays as it is is not changed, but a first count of 0 is a count', () => {
    const changes = changesOf(preview(rows, { op: 'set', quantity: 0 }), { op: 'set', quantity: 0 }, 'Lost')
    expect(changes.map((c) => [c.sku, c.op, c.quantity, c.reason])).toEqual([['A', 'set', 0, ''], ['C', 'set', 0, '']])
    expect(new Set(changes.map((c) => c.key)).size).toBe(2)
  })
  test('where there are several warehouses: from the numbers of one, and in that one', async () => {
    await api.warehouses.add('DEPOT', 'Depot')
    const before = (await rowsBetween(what, 0, 1000)).filter((r) => (r.inStock ?? 0) > 0)
    const depot = preview(await inWarehouse(before, 'DEPOT'), { op: 'add', quantity: 3 })
    expect(depot).toHaveLength(before.length)
    expect(depot[0]).toMatchObject({ has: null, gets: 3, difference: 3 })
    expect(changesOf(depot, { op: 'add', quantity: 3 }, 'Received', 'DEPOT')[0]).toMatchObject({ sku: before[0]?.sku, quantity: 3, warehouse: 'DEPOT' })
    const main = preview(await inWarehouse(before, 'MAIN'), { op: 'add', quantity: 3 })
    expect(main.map((p) => p.has)).toEqual(before.map((r) => r.inStock))
  })
  test('a subtraction is added below zero, with its reason', () => {
    const [change] = changesOf(preview(rows, { op: 'subtract', quantity: 3 }), { op: 'subtract', quantity: 3 }, 'Lost')
    expect(change).toMatchObject({ sku: 'A', op: 'add', quantity: -3, reason: 'Lost' })
  })
})

describe('changing many', () => {
  test('in parts, with one undo for all', async () => {
    const before = await rowsBetween(what, 0, 1000)
    const counted = before.filter((r) => r.counted)
    const bulk = new Bulk()
    expect(await bulk.run(changesOf(preview(counted, { op: 'add', quantity: 2 }), { op: 'add', quantity: 2 }, 'Received'))).toBe(true)
    expect([bulk.done, bulk.total, bulk.running]).toEqual([counted.length, counted.length, false])
    const numbers = async () => (await rowsBetween(what, 0, 1000)).filter((r) => r.counted).map((r) => r.inStock)
    expect(await numbers()).toEqual(counted.map((r) => (r.inStock ?? 0) + 2))
    await toasts.undo()
    expect(await numbers()).toEqual(counted.map((r) => r.inStock))
  })

  test('stops between two parts and says how many keep their number', async () => {
    const asked: number[] = []
    const bulk = new Bulk()
    const real = api.stock.changeMany
    api.stock.changeMany = async (changes: StockChange[]) => {
      asked.push(changes.length)
      bulk.stop()
      return { rows: changes.map((c, i) => ({ sku: c.sku, seq: i + 1, refused: '' })), notices: [] }
    }
    const many = Array.from({ length: 250 }, (_, i) => row(`S${i}`, 1))
    expect(await bulk.run(changesOf(preview(many, { op: 'add', quantity: 1 }), { op: 'add', quantity: 1 }, ''))).toBe(false)
    api.stock.changeMany = real
    expect([asked, bulk.done, bulk.total]).toEqual([[100], 100, 250])
    expect(toasts.current?.text).toBe('In stock of 100 products changed. Stopped; 150 products keep their old number.')
  })

  test('what is refused is named and leaves the others', async () => {
    const bulk = new Bulk()
    const [first] = await rowsBetween(what, 0, 1)
    const rows = [row('NO-SUCH', 1), first!]
    expect(await bulk.run(changesOf(preview(rows, { op: 'add', quantity: 1 }), { op: 'add', quantity: 1 }, ''))).toBe(false)
    expect(bulk.refused.map((r) => r.sku)).toEqual(['NO-SUCH'])
  })
})

test('a sheet has the shown columns that can be written, and a title brings its variant', () => {
  const of = (id: string, header: string) => ({ id, header, width: 1 })
  expect(writable([of('tick', ''), of('sku', 'SKU'), of('title', 'Product'), of('stores', 'Stores'), of('booked', 'Booked')])).toEqual([
    { id: 'sku', head: 'SKU' }, { id: 'title', head: 'Product' }, { id: 'variant', head: 'Variant' }, { id: 'booked', head: 'Booked' },
  ])
})
