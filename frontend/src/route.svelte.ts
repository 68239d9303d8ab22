/** Where the window is. Screens never nest deeper than a list and one thing of it. */
export type Route =
  | { at: 'today' }
  | { at: 'welcome' }
  | { at: 'connect' }
  | { at: 'stock' }
  | { at: 'product'; sku: string }
  | { at: 'orders'; number?: string }
  | { at: 'stores' }
  | { at: 'store'; id: number }
  | { at: 'turnOn'; id: number }
  | { at: 'activity' }
  | { at: 'health' }
  | { at: 'drift' }
  | { at: 'practice' }
  | { at: 'settings' }
  | { at: 'away'; id?: number }

const deepest = 50

class Router {
  current = $state.raw<Route>({ at: 'today' })
  #past: Route[] = []

  go(to: Route): void {
    this.#past = [...this.#past.slice(1 - deepest), this.current]
    this.current = to
  }

  /** Goes there without a way back: what was shown no longer exists. */
  replace(to: Route): void {
    this.current = to
  }

  /** Goes back to what was shown before, or to where when nothing was. */
  back(where: Route): void {
    this.current = this.#past.pop() ?? where
  }
}

export const router = new Router()
