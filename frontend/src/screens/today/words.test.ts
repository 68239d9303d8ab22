import { describe, expect, test } from 'vitest'
import type { Need, Store, Today } from '../../api'
import { today as fakeToday } from '../../api/fake/today'
import { World } from '../../api/fake/world'
import { gridlines } from './chart'
import { needSaid } from '../../parts/needs'
import { headline } from './words'

const now = new Date(2026, 7, 18, 10, 24).getTime()
const minute = 60_000
const world = new World(now)
world.settle()
const quiet: Today = fakeToday(world)
const shop = (more: Partial<Store> = {}): Store => ({ ...(world.stores[0] as Store), ...more })
const due = (n: number) => ({ ...shop().counts, due: n })
const need = (kind: Need['kind'], count = 1): Need => ({ kind, count, storeId: 1, store: 'Trade', text: '', by: 0 })

describe('the headline', () => {
  test('all even, with what it rests on', () => {
    const said = headline(quiet, [shop(), shop({ lastOrderPull: now - 4 * minute })], false)
    expect(said).toEqual({ tone: 'even', title: 'All even.', text: 'Orders were read at 10:20 and are read again at 10:30.' })
  })
  test.each([
    ['no store', [], false, 'off', 'Nothing is kept even yet.'],
    ['only stores that are off', [shop({ sync: 'off' })], false, 'off', 'Nothing is kept even yet.'],
    ['sending', [shop({ counts: due(3) })], false, 'behind', 'Nearly even. 3 listings are on the way to Fernhill Trade.'],
    ['sending to two', [shop({ counts: due(1) }), shop({ name: 'B', counts: due(2) })], false, 'behind', 'Nearly even. 3 listings are on the way to Fernhill Trade and B.'],
    ['sending to three', [shop({ counts: due(1) }), shop({ counts: due(1) }), shop({ counts: due(1) })], false, 'behind', 'Nearly even. 3 listings are on the way to 3 stores.'],
    ['all is paused', [shop({ counts: due(3) })], true, 'pause', 'Sending is paused.'],
    ['one of two is paused', [shop({ paused: true }), shop()], false, 'even', 'All even.'],
  ])('%s', (_, stores, paused, tone, title) => {
    expect(headline(quiet, stores, paused)).toMatchObject({ tone, title })
  })
  test('what needs a person comes before what heals by itself', () => {
    const busy = { ...quiet, needs: [need('unset', 18)] }
    expect(headline(busy, [shop({ counts: due(3) })], true).title).toBe('1 thing needs you.')
    expect(headline({ ...busy, needs: [need('unset'), need('held')] }, [shop()], false).title).toBe('2 things need you.')
  })
  test('a store that was never read is named, and one that rests is read when it may be', () => {
    expect(headline(quiet, [shop({ lastOrderPull: null })], false).text).toBe('The orders of Fernhill Trade have not been read yet.')
    expect(headline(quiet, [shop({ lastOrderPull: now, retryAt: now + 30 * minute })], false).text).toMatch(/again at 10:54\.$/)
  })
})

test('one and many', () => {
  expect([needSaid(need('unset')).title, needSaid(need('unset', 1200)).title]).toEqual(['1 product needs a first count', '1,200 products need a first count'])
  expect(needSaid({ ...need('keys'), text: 'Trade refused the key.' })).toMatchObject({ to: 'keys', text: 'Trade refused the key.' })
})

describe('gridlines', () => {
  test.each([
    [0, 3],
    [3, 3],
    [4, 6],
    [58, 60],
    [60, 60],
    [61, 90],
    [2_900, 3_000],
  ])('%i fits below %i', (most, top) => {
    expect(gridlines(most)).toEqual([0, top / 3, (2 * top) / 3, top])
  })
})
