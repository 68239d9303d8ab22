import type { Need } from './types'

// What crosses the border about notices.

/** What is told, in the window and by the system. */
export type NoticeKind = 'key' | 'stale' | 'backup' | 'held' | 'refused' | 'oversold' | 'unmatched' | 'question'

/** Something that began and needed a person; ended is null while it is true. */
export type Notice = {
  id: number
  kind: Exclude<Need['kind'], 'unset'>
  storeId: number
  store: string
  count: number
  text: string
  /** Until when something is to be done, 0 for no such time. */
  by: number
  at: number
  ended: number | null
  read: boolean
}

/** Newest first. */
export type NoticeList = { unread: number; notices: Notice[] }
