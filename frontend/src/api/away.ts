// What crosses the border about away mode.

/** Units and a share of what is available that every shop shows less; until a time, or null for until the user is back. */
export type AwayNow = { units: number; percent: number; until: number | null; atStart: boolean }

/** A time of every week in minutes of the day; at or before from, to is on the next day. Weekday 0 is Sunday. */
export type AwayDay = { weekday: number; from: number; to: number }

export type AwayState = AwayNow & {
  on: boolean
  planned: boolean
  planUnits: number
  planPercent: number
  plan: AwayDay[]
  /** Quitting offers it. */
  offer: boolean
  /** The page can end the program. */
  quits: boolean
}

/** Until is 0 for until the user is back; with quit everything is sent, then the program ends. */
export type AwayStart = { units: number; percent: number; until: number; quit: boolean }
