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
  #again = false
  #running: Promise<void> | undefined

  constructor(topics: Topic[], ask: () => Promise<T>) {
    this.#ask = ask
    $effect(() => {
      void this.load()
      return api.onChanged(topics, () => void this.load())
    })
  }

  /**
   * Asks now. One question is on its way at a time: what is announced meanwhile is asked for once, when the answer is there.
   * Resolves when what was asked for last has arrived.
   */
  load(): Promise<void> {
    this.#again = true
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        this.value = await this.#ask()
        this.at = performance.now()
        this.error = undefined
      } catch (e) {
        this.error = toAppError(e)
      }
      this.loading = false
    }
    this.#running = undefined
  }
}
