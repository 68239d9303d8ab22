import { describe, expect, test } from 'vitest'
import { moved } from './grid/keys'
import { type Place, keyName, shortcutOf, shortcuts } from './shortcuts'

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

describe('the keys', () => {
  test.each(Object.keys(shortcuts) as Place[])('no two mean different things in %s', (place) => {
    for (const s of shortcuts[place]) for (const key of s.keys) expect(shortcutOf(place, press(key, { ctrlKey: s.ctrl ?? false }))).toBe(s.does)
  })
  test('Ctrl and ⌘ are the same, and neither is nothing', () => {
    expect(shortcutOf('everywhere', press('k', { ctrlKey: true }))).toBe('palette')
    expect(shortcutOf('everywhere', press('K', { metaKey: true }))).toBe('palette')
    expect(shortcutOf('everywhere', press('k'))).toBeUndefined()
    expect(shortcutOf('everywhere', press('k', { ctrlKey: true, altKey: true }))).toBeUndefined()
  })
  test('every key listed for a list moves the row there', () => {
    for (const s of shortcuts.grid) for (const key of s.keys) expect(moved(key, s.ctrl ?? false, 50, 100, 10), s.text).toBeTypeOf('number')
  })
  test('the sheet says what every key does', () => {
    for (const rows of Object.values(shortcuts)) for (const s of rows) expect(rows.some((r) => r.does === s.does && r.text !== '' && r.shown.length > 0)).toBe(true)
  })
  test('keys are called as on the computer', () => {
    expect([keyName('Ctrl', 'MacIntel'), keyName('Ctrl', 'Linux x86_64'), keyName('K', 'MacIntel')]).toEqual(['⌘', 'Ctrl', 'K'])
  })
})
