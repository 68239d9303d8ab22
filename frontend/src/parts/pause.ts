import { api, toAppError } from '../api'
import { toasts } from '../ui/toasts.svelte'

/** Makes sending to all stores wait, or lets it go on when it is paused. */
export async function pauseAll(paused: boolean): Promise<void> {
  try {
    await (paused ? api.app.resume(0) : api.app.pause(0))
    toasts.say(paused ? 'Sending goes on.' : 'Sending to all stores is paused. Orders are still read.')
  } catch (e) {
    toasts.say(toAppError(e).message)
  }
}
