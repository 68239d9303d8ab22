import { expect, test } from 'vitest'
import { chosenLanguage, keepLanguage, languageOf, localeOf } from './locale'

test('the language is the chosen one, else the first of the computer that is spoken, else English', () => {
  expect(languageOf('de', ['en-US'])).toBe('de')
  expect(languageOf('system', ['fr-FR', 'de-AT', 'en-US'])).toBe('de')
  expect(languageOf(null, ['de'])).toBe('de')
  expect(languageOf('xx', ['fr'])).toBe('en')
  expect(languageOf(null, [])).toBe('en')
})

test('numbers and dates are written as the computer does in that language', () => {
  expect(localeOf('de', ['en-US', 'de-AT'])).toBe('de-AT')
  expect(localeOf('de', ['en-US'])).toBe('de-DE')
  expect(localeOf('en', ['en-US'])).toBe('en-US')
})

test('the choice is remembered, and only another language makes the page read again', () => {
  expect(chosenLanguage()).toBe('system')
  expect(keepLanguage('en')).toBe(false)
  expect(keepLanguage('de')).toBe(true)
  expect(chosenLanguage()).toBe('de')
  localStorage.clear()
})
