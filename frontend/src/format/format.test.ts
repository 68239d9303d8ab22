import { describe, expect, test } from 'vitest'
import { amount, count, delta, list } from './number'
import { after, parseQuick } from './quick'
import { age, ago, duration, every, left } from './time'

const now = new Date(2026, 7, 18, 10, 24).getTime()
const before = (ms: number) => now - ms
const minute = 60_000
const hour = 60 * minute

describe('numbers', () => {
  test('a dash is for unset only', () => {
    expect([count(null), count(0)]).toEqual(['–', '0'])
  })
  test('a true minus sign', () => {
    expect([count(-3), delta(-4), delta(15), delta(0)]).toEqual(['−3', '−4', '+15', '0'])
  })
  test('one and many', () => {
    expect([amount(1, ['# listing', '# listings']), amount(2, ['# listing', '# listings']), amount(0, ['# copy', '# copies'])]).toEqual([
      '1 listing',
      '2 listings',
      '0 copies',
    ])
  })
  test('lists read as a sentence', () => {
    expect([list([]), list(['A']), list(['A', 'B']), list(['A', 'B', 'C'])]).toEqual(['', 'A', 'A and B', 'A, B and C'])
  })
})

describe('ages', () => {
  test.each([
    [before(9_999), 'now', 'Just now'],
    [before(10_000), '10 s', '10 s ago'],
    [before(49_000), '40 s', '40 s ago'],
    [before(2 * minute), '2 min', '2 min ago'],
    [before(7.5 * hour), '7 h', '7 h ago'],
    [null, 'Never', 'Never'],
  ])('%s is %s', (at, short, long) => {
    expect([age(at, now), ago(at, now)]).toEqual([short, long])
  })
  test('a clock that was set back shows now, not a negative age', () => {
    expect(age(now + hour, now)).toBe('now')
  })
  test('yesterday and older name the day', () => {
    expect(age(before(25 * hour), now)).toMatch(/^Mon/)
    expect(age(before(30 * 24 * hour), now)).toMatch(/Jul/)
  })
  test('durations', () => {
    expect([duration(4 * 3600), duration(9667), duration(-5)]).toEqual(['4:00:00', '2:41:07', '0:00:00'])
  })
  test('estimates are rounded, and silent while nobody knows', () => {
    expect([left(null), left(20_000), left(4.4 * minute)]).toEqual(['', 'less than a minute left', 'about 4 min left'])
  })
  test('periods', () => {
    expect([every(minute), every(10 * minute), every(12 * hour)]).toEqual(['every minute', 'every 10 min', 'every 12 h'])
  })
})

describe('a change as it is typed', () => {
  test.each([
    ['+15', { op: 'add', quantity: 15 }],
    ['-3', { op: 'subtract', quantity: 3 }],
    ['−3', { op: 'subtract', quantity: 3 }],
    ['=50', { op: 'set', quantity: 50 }],
    [' 50 ', { op: 'set', quantity: 50 }],
    ['1 200', { op: 'set', quantity: 1200 }],
  ])('%s', (typed, quick) => {
    expect(parseQuick(typed)).toEqual(quick)
  })
  test.each(['', '+', '2.7', '1e3', 'abc', '10000001', '1000000000000', '--2', '+-2'])('%j is not a quantity', (typed) => {
    expect(parseQuick(typed)).toBeUndefined()
  })
  test('what is packed and gone is added to a count', () => {
    expect(after({ op: 'set', quantity: 10 }, 50, 4, true)).toBe(14)
    expect(after({ op: 'set', quantity: 10 }, 50, 4, false)).toBe(10)
  })
  test('adding to a product that was never counted counts from 0', () => {
    expect(after({ op: 'add', quantity: 5 }, null, 0, false)).toBe(5)
    expect(after({ op: 'subtract', quantity: 5 }, 8, 0, false)).toBe(3)
  })
})
