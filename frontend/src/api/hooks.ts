// What crosses the border about shops that call when something changed.

/** Whether shops may call this program through a tunnel. */
export type Webhooks = {
  on: boolean
  /** Of this computer. */
  port: number
  /** Why nobody listens although it is on, else empty. */
  trouble: string
}

/** What it takes to have one store's shop call. */
export type StoreWebhooks = Webhooks & {
  /** Without, nothing else is filled in. */
  able: boolean
  local: string
  steps: string[]
  label: string
  help: string
  /** The key is made here and entered in the shop; otherwise the shop shows it. */
  made: boolean
  ready: boolean
  own: boolean
  lastAt: number | null
  refusedAt: number | null
}
