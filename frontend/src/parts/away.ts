import { api, toAppError } from '../api'
import { toasts } from '../ui/toasts.svelte'

/** Ends away mode and says what happens next. */
export async function endAway(): Promise<void> {
  try {
    await api.away.end()
    toasts.say('Welcome back. Orders are read first, then every shop gets its own number again.')
  } catch (e) {
    toasts.say(toAppError(e).message)
  }
}
