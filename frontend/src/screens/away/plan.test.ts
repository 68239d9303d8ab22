import { describe, expect, test } from 'vitest'
import { clockOf, minuteOf, planOf, week } from './plan'

describe('times of the plan', () => {
  test.each([
    ['8:00', 480],
    [' 08:05 ', 485],
    ['24:00', 1440],
    ['0:00', 0],
    ['24:01', undefined],
    ['12:60', undefined],
    ['noon', undefined],
    ['', undefined],
  ])('%s', (text, minute) => expect(minuteOf(text)).toBe(minute))

  test('as a clock shows them', () => expect([0, 485, 1440].map(clockOf)).toEqual(['00:00', '08:05', '24:00']))
})

describe('the week', () => {
  const plan = [{ weekday: 5, from: 1080, to: 1440 }, { weekday: 0, from: 0, to: 1440 }]

  test('begins on Monday and holds the plan', () => {
    const days = week(plan)
    expect(days.map((d) => d.name)).toEqual(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
    expect(days.filter((d) => d.on).map((d) => [d.weekday, d.from, d.to])).toEqual([[5, '18:00', '24:00'], [0, '00:00', '24:00']])
    expect(planOf(days)).toEqual({ plan })
  })
  test('a time that is none is named', () => {
    const days = week(plan).map((d) => (d.weekday === 5 ? { ...d, to: '25:00' } : d))
    expect(planOf(days)).toMatchObject({ plan: [], wrong: { weekday: 5 } })
  })
  test('until midnight, written as 0:00', () => {
    const days = week([]).map((d) => (d.weekday === 6 ? { ...d, on: true, from: '18:00', to: '0:00' } : d))
    expect(planOf(days).plan).toEqual([{ weekday: 6, from: 1080, to: 1440 }])
  })
})
