import { describe, expect, test } from 'vitest'
import { AppError, toAppError } from './error'
import { newKey } from './key'

describe('errors of a call', () => {
  test('JSON text becomes code, sentence and time', () => {
    const e = toAppError(new Error('{"code":"cooldown","message":"Hard refresh is possible again in 2:41:07.","store":"Trade","retryAt":7}'))
    expect(e).toBeInstanceOf(AppError)
    expect([e.code, e.message, e.store, e.retryAt]).toEqual(['cooldown', 'Hard refresh is possible again in 2:41:07.', 'Trade', 7])
  })
  test.each(['boom', '{"x":1}', '[]', 'null'])('%j is an internal error', (text) => {
    expect(toAppError(new Error(text)).code).toBe('internal')
  })
  test('an AppError stays itself', () => {
    const e = new AppError('busy', 'x')
    expect(toAppError(e)).toBe(e)
  })
})

describe('keys', () => {
  test('26 letters, time first', () => {
    expect(newKey(0)).toMatch(/^0{10}[0-9A-HJKMNP-TV-Z]{16}$/)
    expect(newKey(1_700_000_000_000) < newKey(1_700_000_000_001)).toBe(true)
  })
  test('no two are alike', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newKey(5))).size).toBe(1000)
  })
})
