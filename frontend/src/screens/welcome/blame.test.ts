import { expect, test } from 'vitest'
import type { Field } from '../../api'
import { blamed } from './blame'

const field = (name: string, secret = false): Field => ({ name, label: name, help: '', secret, required: true, choices: [] })
const fields = [field('url'), field('key', true), field('secret', true)]

test.each([
  ['unreachable', 'url'],
  ['wrong_shop', 'url'],
  ['http_refused', 'url'],
  ['auth', 'key'],
  ['read_only_key', 'key'],
  ['clock_skew', undefined],
  ['internal', undefined],
])('%s stands at %s', (code, name) => {
  expect(blamed(code, fields)).toBe(name)
})

test('a channel without an address shows the failure below the form', () => {
  expect(blamed('unreachable', [field('token', true)])).toBeUndefined()
})
