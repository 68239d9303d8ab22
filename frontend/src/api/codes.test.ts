import { expect, test } from 'vitest'
import { sentenceOf } from './codes'

test('English keeps the sentence of the program; another language says what the code means', () => {
  expect(sentenceOf('auth', 'Both keys are wrong.', 'Fernhill', 'en')).toBe('Both keys are wrong.')
  expect(sentenceOf('auth', 'Both keys are wrong.', 'Fernhill', 'de')).toBe('Fernhill refused the key. Nothing is sent to it until you connect again.')
  expect(sentenceOf('throttled', 'Wait.', '', 'de')).toMatch(/^The shop asks/)
  expect(sentenceOf('invalid', 'Type a whole number.', '', 'de')).toBe('Type a whole number.')
})
