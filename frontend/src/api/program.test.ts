import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Sentences } from './program'

const german = new Sentences(JSON.parse(readFileSync('src/locales/program.de.json', 'utf8')) as Record<string, string>)

test('a sentence of the program is said in German, with its values', () => {
  expect(german.say('Waiting to be sent.')).toBe('Wartet darauf, gesendet zu werden.')
  expect(german.say('Inventory sync is off for Tea & Co (1.5), so no orders are read and nothing is sent.')).toMatch(/Tea & Co \(1\.5\)/)
  expect(german.say('Only 3 are in stock, so 5 cannot be taken away.')).toMatch(/^[^5]*3[^3]*5[^35]*$/)
})

test('what the shop says within a sentence is left as the shop says it, and a sentence within one is translated', () => {
  expect(german.say('The shop refused this listing: invalid $1 price.')).toMatch(/: invalid \$1 price\.$/)
  expect(german.say('The shop refused this listing: Waiting to be sent.')).toMatch(/: Wartet darauf, gesendet zu werden\.$/)
})

test('what nobody has translated stays, and so does a long sheet', () => {
  for (const text of ['', 'Red mug', '.*', 'Waiting to be sent', `${'x'.repeat(3000)} no longer has it.`]) expect(german.say(text)).toBe(text)
})

test('of two sentences that fit, the one with more words of its own is meant', () => {
  const by = new Sentences({ '%s goes on.': 'kurz {1}', 'Sending to %s goes on.': 'lang {1}' })
  expect(by.say('Sending to Trade goes on.')).toBe('lang Trade')
})
