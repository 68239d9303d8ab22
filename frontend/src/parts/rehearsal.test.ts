import { describe, expect, test } from 'vitest'
import { type Rehearsal, type RehearsalRow, connect } from '../api'
import { backend } from '../api/fake'
import { Tables } from '../api/fake/tables'
import { Chosen, whyOf } from './rehearsal.svelte'

const row = (listing: string, more: Partial<RehearsalRow>): RehearsalRow => ({
  listing, sku: `SKU-${listing}`, title: 'Mug', has: 10, target: 8, difference: -2, why: '', flags: [], ticked: true, ...more,
})
/** The rows as the program keeps them. */
async function of(...rows: RehearsalRow[]): Promise<Chosen> {
  const tables = new Tables()
  const fake = backend('even', Date.UTC(2026, 7, 18))
  connect({ ...fake, stores: { ...fake.stores, tableRows: async (q) => tables.rows(q), tick: async (t) => tables.tick(t) } })
  const chosen = new Chosen(tables.keep({ store: 'Trade', rows, totals: {} as Rehearsal['totals'] }))
  await chosen.rows.load()
  return chosen
}

const listings = (c: Chosen) => Array.from({ length: c.rows.total }, (_, i) => c.rows.at(i)?.listing)

test('why a row gets its number', () => {
  const sum = { inStock: 1250, booked: 4, available: 1246, away: 0 }
  expect(whyOf(row('1', { because: { ...sum, from: 'counted' } }))).toBe('1,250 counted − 4 booked = 1,246')
  expect(whyOf(row('1', { because: { ...sum, from: 'copied', away: 2 }, place: 'Depot' }))).toBe('Depot: 1,250 copied from this store − 4 booked = 1,246, away: −2')
  expect(whyOf(row('1', { because: { ...sum, from: '' } }))).toBe('1,246 available')
  expect(whyOf(row('1', { why: 'Needs a first count.' }))).toBe('Needs a first count.')
})

describe('a rehearsal', () => {
  const zero = row('1', { target: 0, difference: -10, flags: ['zero'], ticked: false })
  const small = row('2', {})
  const same = row('3', { target: 10, difference: 0, ticked: false })
  const unset = row('4', { target: null, difference: null, flags: ['unset'], ticked: false })

  test('the worst stands first', async () => {
    expect(listings(await of(same, unset, small, zero))).toEqual(['1', '2', '4', '3'])
  })
  test('rows that go to zero start unticked', async () => {
    const c = await of(zero, small)
    expect([c.sent, c.changing, c.of('zero', 'ticked'), c.of('', 'empties')]).toEqual([1, 2, 0, 0])
  })
  test('one row is ticked, and all of them', async () => {
    const c = await of(zero, small, same, unset)
    await c.tick(zero, true)
    expect([c.sent, c.of('', 'empties'), c.rows.at(0)?.ticked]).toEqual([2, 1, true])
    await c.tickShown(false)
    expect([c.sent, c.rows.at(0)?.ticked]).toEqual([0, false])
  })
  test('ticking all ticks what is in sight and would change', async () => {
    const c = await of(zero, small, same, unset)
    c.show('zero')
    await c.rows.load()
    expect(listings(c)).toEqual(['1'])
    await c.tickShown(true)
    expect([c.sent, c.of('same', 'ticked')]).toEqual([2, 0])
  })
  test('a title cannot become a formula in a spreadsheet', async () => {
    expect(await (await of(row('1', { title: '=cmd|"x"', why: '-1+1' }))).csv()).toContain(`"'=cmd|""x"""`)
    expect((await (await of(row('1', {}))).csv()).split('\r\n')[1]).toBe('"SKU-1","Mug",10,8,-2,"","","yes"')
  })
  test('the table is written to its last row', async () => {
    const all = Array.from({ length: 4100 }, (_, i) => row(String(i), {}))
    expect((await (await of(...all)).csv()).split('\r\n').length).toBe(4101)
  })
})
