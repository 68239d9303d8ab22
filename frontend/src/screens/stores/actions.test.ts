import { describe, expect, test } from 'vitest'
import type { Store } from '../../api'
import { World } from '../../api/fake/world'
import { actionState, cooldownLeft } from './actions'

const store = (more: Partial<Store>): Store => ({ ...(new World(0).stores[1] as Store), ...more })
const none = { inventory: 0, listings: 0 }

describe('a cooldown', () => {
  test('counts down from what the engine said', () => {
    expect([cooldownLeft(14_400, 0), cooldownLeft(14_400, 999), cooldownLeft(14_400, 1000), cooldownLeft(5, 60_000)]).toEqual([14_400, 14_400, 14_399, 0])
  })
  test('a reading newer than the last tick of the clock shows what was read', () => {
    expect([cooldownLeft(0, -400), cooldownLeft(60, -400)]).toEqual([0, 60])
  })
  test('never shows more than four hours', () => {
    expect(cooldownLeft(99_999, 0)).toBe(14_400)
  })
})

describe('the manual buttons', () => {
  test('off: those that read orders say why, listings go on', () => {
    const off = store({ sync: 'off' })
    expect(actionState(off, 'sync', none)).toMatchObject({ is: 'off', note: 'Turn sync on' })
    expect(actionState(off, 'inventory_refresh', none)).toMatchObject({ is: 'off' })
    expect(actionState(off, 'listings_sync', none)).toEqual({ is: 'ready' })
    expect(actionState(off, 'listings_refresh', none)).toEqual({ is: 'ready' })
  })
  test('each hard refresh cools down by itself', () => {
    const left = { inventory: 9667, listings: 0 }
    expect(actionState(store({}), 'inventory_refresh', left)).toMatchObject({ is: 'off', note: '2:41:07' })
    expect(actionState(store({}), 'listings_refresh', left)).toEqual({ is: 'ready' })
    expect(actionState(store({}), 'sync', left)).toEqual({ is: 'ready' })
  })
  test('a running button becomes its own stop', () => {
    const activity = { store: 2, kind: 'inventory_refresh' as const, phase: 'send', done: 612, total: 1204, startedAt: 0, leftMs: null, seq: 1 }
    expect(actionState(store({ activity }), 'inventory_refresh', none)).toEqual({ is: 'running', done: 612, total: 1204 })
    expect(actionState(store({ activity }), 'sync', none)).toEqual({ is: 'ready' })
  })
  test('paused: they say so and still read', () => {
    expect(actionState(store({ paused: true }), 'sync', none)).toMatchObject({ is: 'ready', note: 'Paused' })
  })
})
