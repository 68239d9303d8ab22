import { describe, expect, test } from 'vitest'
import { type Item, type Kind, groupsOf, matches } from './items'

const item = (id: string, kind: Kind, title: string, more: Partial<Item> = {}): Item => ({ id, kind, title, run: () => undefined, ...more })
const stock = item('go stock', 'place', 'Stock', { also: 'inventory' })
const sync = item('sync 1', 'do', 'Sync inventory & orders of Fernhill Main')
const mug = item('product MUG', 'product', 'Enamel mug', { detail: 'MUG' })
const names = (groups: ReturnType<typeof groupsOf>) => groups.map((g) => `${g.name}: ${g.items.map((i) => i.id).join(', ')}`)

describe('the palette', () => {
  test('every word counts, in any order', () => {
    expect(matches(sync, 'main sync')).toBe(true)
    expect(matches(sync, 'main drop')).toBe(false)
    expect(matches(stock, 'invent')).toBe(true)
  })
  test('what is found stands before what can be done', () => {
    expect(names(groupsOf('m', [mug], [stock, sync], []))).toEqual(['Stock: product MUG', 'Do: sync 1'])
  })
  test('> asks for commands only', () => {
    expect(names(groupsOf('>', [mug], [stock, sync], []))).toEqual(['Do: sync 1'])
    expect(names(groupsOf('> stock', [mug], [stock, sync], []))).toEqual([])
  })
  test('recent ones come first, as they are now', () => {
    const cooling = { ...sync, reason: 'A hard refresh is possible once every 4 hours per store.' }
    const [first] = groupsOf('', [], [stock, cooling], [sync, mug])
    expect(first?.name).toBe('Recent')
    expect(first?.items).toEqual([cooling, mug])
    const late = item('sync 2', 'do', 'Sync inventory & orders of Fernhill Trade')
    expect(names(groupsOf('sync', [], [sync, late], [late]))).toEqual(['Do: sync 2, sync 1'])
  })
  test('a hundred stores still make a short list', () => {
    const many = Array.from({ length: 500 }, (_, i) => item(`do ${i}`, i % 2 ? 'do' : 'place', `Sync ${i}`))
    for (const query of ['', 'sync', '>sync']) expect(groupsOf(query, [], many, many).flatMap((g) => g.items).length).toBeLessThanOrEqual(30)
  })
})
