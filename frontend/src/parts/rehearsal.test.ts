import { describe, expect, test } from 'vitest'
import type { Rehearsal, RehearsalRow } from '../api'
import { Chosen, whyOf } from './rehearsal.svelte'

const row = (listing: string, more: Partial<RehearsalRow>): RehearsalRow => ({
  listing, sku: `SKU-${listing}`, title: 'Mug', has: 10, target: 8, difference: -2, why: '', flags: [], ticked: true, ...more,
})
const of = (...rows: RehearsalRow[]): Chosen =>
  new Chosen({ store: 'Trade', rows, totals: {} as Rehearsal['totals'] })

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

  test('the worst stands first', () => {
    expect(of(same, unset, small, zero).rows.map((r) => r.listing)).toEqual(['1', '2', '4', '3'])
  })
  test('rows that go to zero start unticked', () => {
    expect(of(zero, small).sent).toEqual([small])
    expect(of(zero, small).push).toEqual({ push: 'some', rows: ['2'] })
  })
  test('all and none are said as such', () => {
    const c = of(zero, small, same, unset)
    c.tickShown(true)
    expect(c.push).toEqual({ push: 'all', rows: [] })
    c.tickShown(false)
    expect(c.push).toEqual({ push: 'none', rows: [] })
  })
  test('ticking all ticks what is in sight and would change', () => {
    const c = of(zero, small, same, unset)
    c.filter = 'zero'
    c.tickShown(true)
    expect(c.sent.map((r) => r.listing)).toEqual(['1', '2'])
    expect(c.ticked.has('3')).toBe(false)
  })
  test('a title cannot become a formula in a spreadsheet', () => {
    expect(of(row('1', { title: '=cmd|"x"', why: '-1+1' })).csv).toContain(`"'=cmd|""x"""`)
    expect(of(row('1', {})).csv.split('\r\n')[1]).toBe('"SKU-1","Mug",10,8,-2,"","","yes"')
  })
})
