import { expect, test } from 'vitest'
import type { Listing } from '../../api'
import { spots } from './spots'

const listing = (more: Partial<Listing>): Listing => ({
  store: 'Garden', storeId: 4, channel: 'shopify', ref: '7:1', parentRef: '', sku: 'POT', title: 'Pot', variant: '', status: 'active', linked: true,
  storeHas: 42, readAt: 1, target: 42, lastPushed: 42, lastPushedAt: 1, state: 'even', reason: '', locations: [], ...more,
})
const at = (ref: string, target: number | null, state: Listing['state'], warehouse: string) => ({
  ref, name: `Place ${ref}`, warehouse, target, lastPushed: target, lastPushedAt: 2, state, reason: warehouse ? '' : 'linked to no warehouse',
})

test('a listing has one number, or one for each location', () => {
  const shown = spots([listing({}), listing({ ref: '8:2', locations: [at('61', 15, 'due', 'MAIN'), at('62', null, 'off', '')] })])
  expect(shown.map((s) => [s.ref, s.place, s.target, s.storeHas, s.state, s.unlinked])).toEqual([
    ['7:1', '', 42, 42, 'even', false],
    ['8:2', 'Place 61', 15, null, 'due', false],
    ['8:2', 'Place 62', null, null, 'off', true],
  ])
})
