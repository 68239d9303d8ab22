import { describe, expect, test } from 'vitest'
import { nextSort } from './columns'
import { inSight, mostDrawn, rowHeight } from './insight'
import { moved } from './keys'

describe('the rows in sight', () => {
  test.each([
    ['at the top', 0, 635, 10_000],
    ['in the middle', 160_000, 635, 10_000],
    ['at the end', 10_000 * rowHeight - 635, 635, 10_000],
    ['half a row', 16, 635, 10_000],
    ['a short list', 0, 635, 3],
    ['a tall window', 320, 2160, 10_000],
  ])('%s are all drawn', (_, top, height, total) => {
    const { first, count } = inSight(top, height, total)
    expect(first).toBeGreaterThanOrEqual(0)
    expect(first).toBeLessThanOrEqual(Math.floor(top / rowHeight))
    expect(first + count).toBeGreaterThanOrEqual(Math.min(total, Math.ceil((top + height) / rowHeight)))
    expect(first + count).toBeLessThanOrEqual(total)
  })
  test('no more than 60 of them, whatever there is', () => {
    for (let height = 0; height < 1850; height += 7) {
      const most = mostDrawn(height)
      expect(most).toBeLessThanOrEqual(60)
      for (const top of [0, 100, 5000, 100_000 * rowHeight - height]) expect(inSight(top, height, 100_000).count).toBeLessThanOrEqual(most)
    }
  })
  test('an empty list, and one that became shorter', () => {
    expect(inSight(0, 600, 0)).toEqual({ first: 0, count: 0 })
    expect(inSight(90_000, 600, 5)).toEqual({ first: 4, count: 1 })
  })
})

test('keys move the current row and stop at the ends', () => {
  expect([moved('ArrowDown', false, 3, 10, 5), moved('ArrowUp', false, 0, 10, 5), moved('PageDown', false, 7, 10, 5)]).toEqual([4, 0, 9])
  expect([moved('Home', true, 7, 10, 5), moved('End', true, 0, 10, 5), moved('End', false, 0, 10, 5)]).toEqual([0, 9, undefined])
  expect([moved('x', false, 0, 10, 5), moved('ArrowDown', false, -1, 0, 5)]).toEqual([undefined, undefined])
})

test('a header sorts up, then down', () => {
  const up = nextSort({ by: 'sku', descending: false }, 'title')
  expect([up, nextSort(up, 'title')]).toEqual([{ by: 'title', descending: false }, { by: 'title', descending: true }])
})
