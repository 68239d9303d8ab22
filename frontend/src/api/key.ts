const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A ULID: made where the user presses Save, so that a call that is sent twice is applied once. 48 bits of time and 80
 * random bits in Crockford's letters.
 */
export function newKey(now: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  let time = ''
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = letters.charAt(rest % 32) + time
  return time + Array.from(random, (byte) => letters.charAt(byte % 32)).join('')
}
