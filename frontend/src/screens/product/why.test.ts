import { describe, expect, test } from 'vitest'
import type { Explanation, Term } from '../../api'
import { asText, explain } from './why'

let seq = 0
function term(kind: string, inStock: number, booked: number, more: Partial<Term> = {}): Term {
  return {
    seq: ++seq, at: seq * 1000, kind, inStock, booked, inStockAfter: null, bookedAfter: 0, actor: 'sync', reason: '', note: '',
    cause: null, undone: false, ...more,
  }
}
const order = (n: string) => ({ cause: { store: 'Trade', order: n, line: '1' } })
const explained = (terms: Term[], inStock: number | null, booked: number): Explanation => ({
  sku: 'APPLE', terms, inStock, booked, available: inStock === null ? null : inStock - booked, pushes: [],
})
const sum = (units: { units: number }[]) => units.reduce((n, r) => n + r.units, 0)

describe('why a number is what it is', () => {
  const counted = term('count', 50, 0, { actor: 'you', inStockAfter: 50 })

  test('50 counted less 4 booked is 46', () => {
    const why = explain(explained([counted, term('booked', 0, 4, order('1001'))], 50, 4), 'available')
    expect(why.title).toBe('Why 46 are available')
    expect(why.reasons.map((r) => r.units)).toEqual([50, -4])
    expect(why.reasons[1]?.source).toBe('#1001, Trade')
    expect(sum(why.reasons)).toBe(46)
  })

  test('a shipped order leaves only what left the shelf', () => {
    const terms = [counted, term('booked', 0, 4, order('1001')), term('fulfilled', -4, -4, order('1001'))]
    const why = explain(explained(terms, 46, 0), 'available')
    expect(why.reasons.map((r) => r.units)).toEqual([50, -4])
    expect(explain(explained(terms, 46, 0), 'booked').reasons).toEqual([])
  })

  test('what came before the last count no longer matters', () => {
    const again = term('count', -3, 0, { inStockAfter: 47 })
    const why = explain(explained([counted, term('adjustment', 9, 0), again, term('adjustment', 2, 0)], 49, 0), 'inStock')
    expect(why.reasons.map((r) => r.units)).toEqual([47, 2])
  })

  test('a count that was undone is no starting point', () => {
    const wrong = term('count', 100, 0, { inStockAfter: 150, undone: true })
    const why = explain(explained([counted, wrong, term('undo', -100, 0)], 50, 0), 'inStock')
    expect(sum(why.reasons)).toBe(50)
  })

  test('many changes are folded and still add up', () => {
    const many = Array.from({ length: 40 }, (_, i) => term('booked', 0, 1, order(String(i))))
    const why = explain(explained([counted, ...many], 50, 40), 'available')
    expect(why.reasons.length).toBeLessThanOrEqual(6)
    expect(why.more).toBe(36)
    expect(sum(why.reasons)).toBe(10)
  })

  test('unset has no value and no terms', () => {
    const why = explain(explained([term('booked', 0, 2, order('7'))], null, 2), 'available')
    expect(why.result).toBeNull()
  })

  test('the copy is plain text', () => {
    expect(asText('APPLE', explain(explained([counted, term('booked', 0, 4, order('1001'))], 50, 4), 'available'))).toBe(
      'APPLE: Why 46 are available\n+50  Counted, by you\n−4  Booked by order, #1001, Trade\n= 46 Available',
    )
  })
})
