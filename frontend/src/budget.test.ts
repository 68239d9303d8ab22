import { expect, test } from 'vitest'
import { type Built, firstPaint } from '../budget'

const of = (name: string, bytes: number, more: Partial<Built> = {}): Built => ({
  name, bytes, imports: [], dynamicImports: [], isEntry: false, isScreen: false, isWords: false, ...more,
})

test('a first paint is the start, the largest screen with all it asks for, and one language', () => {
  const built = [
    of('index', 100, { isEntry: true, imports: ['svelte'], dynamicImports: ['app', 'en', 'de'] }),
    of('svelte', 50),
    of('app', 200, { imports: ['svelte', 'ui'], dynamicImports: ['today', 'stock'] }),
    of('ui', 30),
    of('grid', 40, { imports: ['ui'] }),
    of('today', 10, { isScreen: true, imports: ['ui'] }),
    of('stock', 20, { isScreen: true, imports: ['grid'] }),
    of('en', 5, { isWords: true }),
    of('de', 7, { isWords: true }),
    of('never read', 1000),
  ]
  expect(firstPaint(built)).toEqual({ screen: 'stock', bytes: 100 + 50 + 200 + 30 + 20 + 40 + 7 })
})
