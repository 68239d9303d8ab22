import type { KeyEnd } from '../api'
import { dateOf } from '../format/time'

/** When a credential ends and what to do. */
export function keyEndSaid(k: KeyEnd): string {
  return `${when(k.field, dateOf(k.at))} ${k.renew}`
}

function when(field: string, day: string): string {
  switch (field) {
    case 'clientSecret':
      return `The client secret ends on ${day} at the latest.`
    case 'refreshToken':
      return `The login ends on ${day} at the latest.`
    default:
      return `A key ends on ${day} at the latest.`
  }
}
