import { describe, expect, test } from 'vitest'
import { size } from '../../format/size'
import { nightlySaid, readingSaid, verifiedSaid } from './words'

const now = Date.UTC(2026, 7, 18, 10)
const nightly = { file: '/b/evenstock-2026-08-18.bak', createdAt: now - 7 * 3_600_000, size: 4_718_592, rehearsed: true }
const report = { movements: 18_204, products: 1284, listings: 1, orders: 2, lines: 3, total: 0, differences: [] }

test.each([[0, '0 bytes'], [999, '999 bytes'], [1000, '1 kB'], [4_718_592, '4.7 MB'], [1e15, '1,000 TB']])('%d bytes', (bytes, text) => {
  expect(size(bytes)).toBe(text)
})

describe('the safety of the books in words', () => {
  test('a rehearsed backup', () => {
    expect(nightlySaid(nightly, now)).toEqual({ good: true, text: 'The newest nightly backup: 7 h ago, 4.7 MB. It was restored as a rehearsal, and its books add up.' })
  })
  test('one that was not rehearsed, and none', () => {
    expect(nightlySaid({ ...nightly, rehearsed: false }, now).good).toBe(false)
    expect(nightlySaid(null, now).text).toBe('The first nightly backup is made tonight.')
  })
  test('books that add up, and books that do not', () => {
    expect(verifiedSaid({ ok: true, at: now, report })).toBe('The books add up. 18,204 movements, 1,284 products, 1 listing and 2 orders were read.')
    expect(verifiedSaid({ ok: false, at: now, report: { ...report, total: 1 } })).toMatch(/^1 difference found/)
  })
  test('how far it is', () => {
    expect([readingSaid(null), readingSaid({ part: 'movements', read: 40_000 })]).toEqual(['Reading the books', 'Reading movements: 40,000'])
  })
})
