import type { Login } from '../types'

/** Logins are the fake's logins at a shop's own page: one that asks for the address which the browser ended at. */
export class Logins {
  now: Login = { page: '', asks: false }
  #done: ((address: string) => void) | undefined
  #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Begins one; the answer is the address, "" when it was given up. */
  async begin(): Promise<string> {
    this.now = { page: 'https://auth.ebay.com/oauth2/authorize?client_id=Fernhill', asks: true }
    this.#changed()
    const address = await new Promise<string>((done) => (this.#done = done))
    this.now = { page: '', asks: false }
    this.#changed()
    return address
  }

  async end(address: string): Promise<void> {
    this.#done?.(address)
  }
}
