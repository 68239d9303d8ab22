import { describe, expect, test } from 'vitest'
import type { Store } from '../../api'
import { World } from '../../api/fake/world'
import { status } from './status'

const store = (more: Partial<Store>): Store => ({ ...(new World(0).stores[1] as Store), ...more })
const said = (s: Store, noted = false) => status(s, undefined, undefined, noted).text

describe('the line at the foot of a card', () => {
  const keyEnd = { field: 'clientSecret', at: Date.UTC(2027, 2, 12, 12), soon: true, renew: 'Make another.' }
  test('a key that ends soon, with its day and what to do', () => {
    expect(said(store({ keyEnd }))).toBe('The client secret ends on 12 Mar 2027 at the latest. Make another.')
    expect(said(store({ keyEnd: { ...keyEnd, field: 'refreshToken' } }))).toMatch(/^The login ends on/)
    expect(said(store({ keyEnd: { ...keyEnd, field: 'unknown' } }))).toMatch(/^A key ends on/)
  })
  test('what is worse comes first, and what ends later is not said', () => {
    expect(said(store({ keyEnd, needs: 'auth', needsText: 'Refused.' }))).toBe('Refused.')
    expect(said(store({ keyEnd: { ...keyEnd, soon: false } }))).toMatch(/^Every counted listing/)
  })
  test('what a note beside the card says is not said twice', () => {
    expect(said(store({ keyEnd, warnings: ['Suspended.'] }), true)).toMatch(/^Every counted listing/)
  })
})
