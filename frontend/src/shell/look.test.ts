import { expect, test } from 'vitest'
import { resolved } from './look.svelte'

test.each([
  ['follows the system', { theme: 'system', contrast: 'system' }, true, false, 'dark usual'],
  ['light on a dark system', { theme: 'light', contrast: 'system' }, true, false, 'light usual'],
  ['dark on a light system', { theme: 'dark', contrast: 'system' }, false, false, 'dark usual'],
  ['high contrast by choice', { theme: 'dark', contrast: 'more' }, false, false, 'dark more'],
  ['high contrast by the system', { theme: 'light', contrast: 'system' }, false, true, 'light more'],
] as const)('%s', (_, look, dark, more, want) => {
  const got = resolved(look, dark, more)
  expect(`${got.theme} ${got.contrast}`).toBe(want)
})
