import { expect, test } from 'vitest'
import type { Term } from '../../api'
import { partsOf, termsOf } from './history'

const base: Term = { seq: 1, at: 0, kind: 'count', inStock: 50, booked: 0, inStockAfter: 50, bookedAfter: 0, actor: 'you', reason: '', note: '', cause: null, undone: false }
const counted = base
const booked: Term = { ...base, seq: 2, kind: 'booked', actor: 'sync', inStock: 0, booked: 4, cause: { store: 'Fernhill', order: '1042', line: '1' } }
const found: Term = { ...base, seq: 3, kind: 'adjustment', reason: 'Found', undone: true }
const undo: Term = { ...base, seq: 4, kind: 'undo' }
const terms = [counted, booked, found, undo]

const seqs = (list: Term[]) => list.map((t) => t.seq)

test('each part of the history has its entries, the newest first', () => {
  expect(seqs(termsOf(terms, 'all', ''))).toEqual([4, 3, 2, 1])
  expect(seqs(termsOf(terms, 'orders', ''))).toEqual([2])
  expect(seqs(termsOf(terms, 'hand', ''))).toEqual([4, 3, 1])
  expect(seqs(termsOf(terms, 'undone', ''))).toEqual([4, 3])
  expect(partsOf(terms)).toEqual({ all: 4, orders: 1, hand: 3, undone: 2 })
})

test('it is searched as it reads on the screen, whatever the case, within the part', () => {
  expect(seqs(termsOf(terms, 'all', ' fernHILL '))).toEqual([2])
  expect(seqs(termsOf(terms, 'all', '#1042'))).toEqual([2])
  expect(seqs(termsOf(terms, 'hand', '1042'))).toEqual([])
  expect(seqs(termsOf(terms, 'undone', 'found'))).toEqual([3])
  expect(seqs(terms)).toEqual([1, 2, 3, 4])
})
