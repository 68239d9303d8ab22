import { language } from '../locale'
import { sentence as translated } from './program'

/**
 * The sentence of a failure in the language of the page. The program's own sentence is English and names what was asked
 * for, so English keeps it. Another language has its own for it; where it has none, as for what a shop has written, it says
 * what the code means.
 */
export function sentenceOf(code: string, sentence: string, store: string, spoken: string = language): string {
  if (spoken === 'en') return sentence
  const known = translated(sentence)
  return known === sentence ? (meaning(code, store || theShop()) ?? sentence) : known
}

function theShop(): string {
  return 'The shop'
}

function meaning(code: string, shop: string): string | undefined {
  switch (code) {
    case 'auth':
      return `${shop} refused the key. Nothing is sent to it until you connect again.`
    case 'unreachable':
      return `${shop} does not answer. Check the address and the connection, then try again.`
    case 'http_refused':
      return 'The address is not encrypted (http). Use the https address, or allow an unencrypted one.'
    case 'wrong_shop':
      return 'The address answers, but there is no such shop. Check the address.'
    case 'read_only_key':
      return 'This key may read but not write. Give it the right to write in the shop, then test again.'
    case 'clock_skew':
      return 'The clock of this computer is too far from the shop’s. Set it, then try again.'
    case 'throttled':
      return `${shop} asks us to slow down. Sending goes on by itself; nothing is lost.`
    case 'bad_answer':
      return `${shop} gave an answer that cannot be read. It is tried again by itself.`
    case 'server_error':
      return `${shop} has a problem of its own. It is tried again by itself.`
    case 'untracked':
      return 'The shop keeps no number for this listing. Turn stock tracking on there first.'
    case 'not_applied':
      return `${shop} accepted the number and did not keep it. It is sent again.`
    case 'cooldown':
      return 'A hard refresh is possible once every 4 hours per store.'
    case 'sync_off':
      return 'Inventory sync is off for this store, so no orders are read and nothing is sent.'
    case 'not_found':
      return 'That is not in the books any more.'
    case 'busy':
      return 'Something else is running there. Wait for it, or stop it.'
    case 'starting':
      return 'The books are being opened. Try again in a moment.'
    case 'internal':
      return 'Evenstock made a mistake while doing this. What was saved before stays saved; the details are in the log.'
    default:
      return undefined
  }
}
