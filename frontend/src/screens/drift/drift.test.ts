import { beforeEach, describe, expect, test } from 'vitest'
import { type Store, api, connect } from '../../api'
import { backend } from '../../api/fake'
import { Drift, keyOf, kindOf } from './drift.svelte'

describe('drift', () => {
  let stores: Store[] = []
  beforeEach(async () => {
    connect(backend('full', Date.UTC(2026, 7, 18)))
    stores = (await api.stores.list()).filter((s) => s.sync === 'on')
  })

  test('reads every store and keeps apart what each shows', async () => {
    const drift = new Drift()
    await drift.read(stores)
    expect(new Set(drift.rows.map((r) => r.store.id)).size).toBe(2)
    expect(new Set(drift.rows.map(keyOf)).size).toBe(drift.rows.length)
    expect(drift.busy).toBe('')
  })
  test('a store that does not answer is named, and the others are read', async () => {
    const drift = new Drift()
    await drift.read([{ ...(stores[0] as Store), id: 99, name: 'Gone' }, ...stores])
    expect(drift.errors.map((e) => e.store)).toEqual(['Gone'])
    expect(drift.rows.length).toBeGreaterThan(0)
  })
  test('ticking all ticks what is in sight', async () => {
    const drift = new Drift()
    await drift.read(stores)
    drift.filter = 'up'
    drift.tickShown(true)
    expect(drift.chosen.length).toBe(drift.shown.length)
    expect(drift.chosen.every((r) => kindOf(r) === 'up')).toBe(true)
  })
  test('what was fixed is gone when the store is read again', async () => {
    const drift = new Drift()
    await drift.read(stores)
    const first = drift.rows[0]
    if (!first) throw new Error('nothing differs')
    expect(await drift.fix([first])).toContain(first.store.name)
    await drift.read(stores)
    expect(drift.rows.map(keyOf)).not.toContain(keyOf(first))
  })
})
