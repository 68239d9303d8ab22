import { describe, expect, test } from 'vitest'
import type { Point } from '../../api'
import { drawn, summary, timeNames } from './overtime'

const now = new Date(2026, 7, 18, 10, 24).getTime()
const hour = 3_600_000
const point = (ago: number, inStock: number | null, booked: number): Point => ({
  at: now - ago * hour, inStock, booked, available: inStock === null ? null : inStock - booked,
})
const over = (points: Point[], moved = points.length) => ({ sku: 'APPLE', moved, points })

describe('what is drawn', () => {
  test('the last numbers hold until now', () => {
    expect(drawn([point(2, null, 4), point(1, 50, 4)], now)).toEqual([[now / 1000 - 7200, now / 1000 - 3600, now / 1000], [null, 50, 50], [4, 4, 4], [null, 46, 46]])
  })
  test('a clock that was set back draws nothing in the future', () => {
    expect(drawn([point(-1, 50, 4)], now)[0]).toHaveLength(1)
  })
})

describe('the chart in words', () => {
  test.each([
    ['nothing', over([]), ''],
    ['never counted', over([point(3, null, 1)]), '1 change since 07:24. It needs a first count; 1 unit is booked.'],
    ['steady', over([point(3, 50, 4)]), '1 change since 07:24. Available was 46 all the time.'],
    ['oversold once', over([point(3, 50, 4), point(2, 1, 4), point(1, 20, 4)], 900),
      '900 changes since 07:24. Available is 16 now. Its lowest was −3 (08:24), its highest 46 (07:24).'],
  ])('%s', (_, o, said) => expect(summary(o, now)).toBe(said))
})

test('times are named by how far apart they are', () => {
  const at = (month: number, day: number, hour: number) => new Date(2026, month, day, hour).getTime() / 1000
  expect(timeNames([at(7, 17, 23), at(7, 18, 0)], 3600)).toEqual(['23:00', '18 Aug'])
  expect(timeNames([at(7, 17, 0)], 86_400)).toEqual(['17 Aug'])
  expect(timeNames([at(7, 1, 0)], 31 * 86_400)).toEqual(['Aug 26'])
})
