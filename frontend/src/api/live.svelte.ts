import { api } from './index'
import type { Topic } from './api'
import { type AppError, toAppError } from './error'

/**
 * Live is an answer that stays up to date while the component that made it is mounted: it asks once, and again whenever
 * one of its topics is announced. The old answer stays in place while a new one is on its way, also when that fails.
 * Make it while a component initialises.
 */
export class Live<T> {
  value = $state.raw<T>()
  error = $state.raw<AppError>()
  loading = $state(true)
  /** When value arrived, in milliseconds since the page was loaded: a clock nobody sets. */
  at = $state(0)
  #ask: () => Promise<T>
  #asked = 0

  constructor(topics: Topic[], ask: () => Promise<T>) {
    this.#ask = ask
    $effect(() => {
      void this.load()
      return api.onChanged(topics, () => void this.load())
    })
  }

  /** Asks now. Answers that arrive out of order are dropped. */
  async load(): Promise<void> {
    const mine = ++this.#asked
    try {
      const value = await this.#ask()
      if (mine !== this.#asked) return
      this.value = value
      this.at = performance.now()
      this.error = undefined
    } catch (e) {
      if (mine === this.#asked) this.error = toAppError(e)
    }
    if (mine === this.#asked) this.loading = false
  }
}
