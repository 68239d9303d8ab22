import type { Api } from './api'

export type { Topic } from './api'
export { AppError, toAppError } from './error'
export type * from './types'

/** Where the calls go. Set once, by {@link connect}, before anything is mounted. */
export let api: Api

export function connect(to: Api): void {
  api = to
}
