import type { LanguageChoice } from '../locale'
import type { AwayNow } from './away'
import type { NoticeKind } from './notices'
import type { ListingAt, WarehouseStock } from './warehouses'

export type * from './away'
export type * from './history'
export type * from './hooks'
export type * from './notices'
export type * from './practice'
export type * from './rehearsal'
export type * from './warehouses'

// What crosses the border between the page and Go. Times are Unix milliseconds UTC, quantities are whole units, and null
// means unset or never, which is not zero.

export type StoreCell = { store: number; state: ListingState }

export type StockRow = {
  id: number
  sku: string
  title: string
  variant: string
  inStock: number | null
  booked: number
  available: number | null
  counted: boolean
  oversold: number
  listings: number
  changed: number | null
  stores: StoreCell[]
}

export type StockFilter = '' | 'oversold' | 'unset' | 'zero'

export type StockQuery = {
  query: string
  store: number
  filter: StockFilter
  sort: string
  offset: number
  limit: number
}

export type StockWindow = { total: number; version: number; rows: StockRow[] }

export type ListingState = 'even' | 'due' | 'held' | 'refused' | 'left' | 'off'

export type Listing = {
  store: string
  storeId: number
  channel: string
  ref: string
  parentRef: string
  sku: string
  title: string
  variant: string
  status: 'active' | 'draft' | 'gone' | 'untracked' | 'no_sku' | 'shared'
  linked: boolean
  storeHas: number | null
  readAt: number | null
  target: number | null
  lastPushed: number | null
  lastPushedAt: number | null
  /** Units that away mode holds back of target. */
  away?: number
  state: ListingState
  reason: string
  /** Its number at each location, where the shop has some. */
  locations: ListingAt[]
}

export type Product = StockRow & { online: Listing[]; warehouses: WarehouseStock[] }

export type Progress = {
  store: number
  kind: RunKind | 'turn_off' | 'remove'
  phase: string
  done: number
  total: number
  startedAt: number
  leftMs: number | null
  seq: number
}

export type Store = {
  id: number
  name: string
  channel: string
  url: string
  accountId: string
  sync: 'off' | 'rehearsing' | 'on'
  paused: boolean
  needs: string | null
  needsText: string
  includeDrafts: boolean
  every: number
  /** How often changed listings are asked for, in ms. */
  listingEvery: number
  lastOrderPull: number | null
  lastInventorySync: number | null
  lastListingSync: number | null
  cooldown: { inventory: number; listings: number }
  counts: { listings: number; linked: number; noSku: number; untracked: number; due: number; held: number }
  warnings: string[]
  lastError: string
  retryAt: number | null
  practice: boolean
  statuses: string[]
  statusMap: Record<string, string>
  activity: Progress | null
  /** It has a number per location. */
  located: boolean
  /** And none of them is linked to a warehouse. */
  unlinked: boolean
  /** Calls left of the vendor's day, null where none is known; resetAt is when all of them are there again. */
  quota: { left: number; most: number; resetAt: number | null } | null
  /** The credential that ends, null where none does; soon says that it is time to tell. */
  keyEnd: KeyEnd | null
}

/** Renew is what the user is to do, a sentence. */
export type KeyEnd = { field: string; at: number; soon: boolean; renew: string }

export type RunKind = 'sync' | 'inventory_refresh' | 'listings_sync' | 'listings_refresh' | 'turn_on' | 'undo_push'
export type RunOutcome = 'done' | 'partly' | 'failed' | 'refused' | 'held' | 'cancelled' | ''

export type Run = {
  id: number
  store: string
  kind: RunKind
  startedAt: number
  finishedAt: number
  outcome: RunOutcome
  ordersRead: number
  ordersChanged: number
  listingsRead: number
  unitsBooked: number
  unitsFulfilled: number
  unitsReleased: number
  checked: number
  written: number
  alreadyRight: number
  refused: number
  pending: number
  held: number
  errors: { sku: string; listing: string; code: string; message: string }[]
  note?: string
  code?: string
}

export type RunList = { runs: Run[]; off: string[] }

export type Field = {
  name: string
  label: string
  help: string
  secret: boolean
  required: boolean
  choices: string[]
}

/** Login is the field that the shop's own login page fills when it is left empty; "" where there is no such page. */
export type Channel = { name: string; title: string; badge: string; login: string; fields: Field[]; steps: string[] }

/** Page is "" while no login is under way; asks says that the person brings the address of the browser's last page. */
export type Login = { page: string; asks: boolean }

export type StoreForm = { channel: string; name: string; fields: Record<string, string>; allowHttp: boolean }

export type Account = {
  id: string
  name: string
  url: string
  version: string
  currency: string
  time: number
  warnings: string[]
}

export type AddedStore = { store: Store; account: Account }

export type SettingsPatch = {
  name?: string
  includeDrafts?: boolean
  every?: number
  statusMap?: Record<string, string>
  fields?: Record<string, string>
}

export type StockChange = {
  sku: string
  op: 'set' | 'add'
  quantity: number
  packed: boolean
  reason: string
  note: string
  warehouse: string
  key: string
}

export type StockChanged = { seq: number; item: number; notices: string[]; stock: StockRow }

export type ManyChanged = { rows: { sku: string; seq: number; refused: string }[]; notices: string[] }

export type ManyUndone = { undone: number; refused: string[] }

export type SheetColumn = 'sku' | 'title' | 'variant' | 'inStock' | 'booked' | 'available' | 'listings' | 'changed'

export type SheetRequest = { query: StockQuery; columns: SheetColumn[]; heads: string[]; name: string }

export type StockSheet = { file: string; text: string; rows: number; next: number }

export type PushOutcome = {
  store: string
  listing: string
  location?: string
  target: number | null
  outcome: 'written' | 'alreadyRight' | 'pending' | 'held' | 'refused' | 'skipped'
  message: string
}

export type OrderLine = {
  id: string
  sku: string
  title: string
  product: string | null
  ordered: number
  fulfilled: number
  released: number
  writtenOff: number
  returned: number
  booked: number
  baseline: boolean
}

export type Order = {
  store: string
  storeId: number
  ref: string
  number: string
  placedAt: number | null
  updatedAt: number | null
  storeStatus: string
  state: 'open' | 'part' | 'closed' | 'ignored'
  notice: string
  lines: OrderLine[]
}

export type OrderQuery = { store: number; open: boolean; number: string; offset: number; limit: number }
export type OrderWindow = { total: number; orders: Order[] }

export type UnmatchedLine = OrderLine & { store: string; order: string; number: string; suggested: string | null }

export type Health = {
  noSku: Listing[]
  duplicateSku: { sku: string; store: string; listings: Listing[] }[]
  nearSku: { a: string; b: string }[]
  unmatchedLines: UnmatchedLine[]
  untracked: Listing[]
  shared: Listing[]
  /** Sent by the marketplace from its own stock: for information, nothing to mend. */
  marketplace: Listing[]
  unset: StockRow[]
  held: Listing[]
  renamed: Listing[]
  review: { store: string; order: string; number: string; question: string }[]
}

/** What waits for a person: in a store, or nowhere in particular, where storeId is 0. */
export type Need = {
  kind: 'keys' | 'orders' | 'backup' | 'key_ends' | 'held' | 'refused' | 'oversold' | 'unmatched' | 'review' | 'renamed' | 'unset'
  count: number
  storeId: number
  store: string
  text: string
  /** Until when it has to be done, 0 for no such time. */
  by: number
}

export type SoldDay = { at: number; units: number }
export type SentDay = { at: number; numbers: number }

export type RunningOut = { sku: string; title: string; variant: string; available: number; sold: number; days: number }

export type Today = {
  now: number
  products: number
  oversold: number
  sentToday: number
  needs: Need[]
  /** The last 14 days, oldest first; the last one is today. */
  sold: SoldDay[]
  /** The same days. */
  sent: SentDay[]
  runningOut: RunningOut[]
  runs: Run[]
}

export type StoreState = 'off' | 'even' | 'behind' | 'paused' | 'attention' | 'stopped'

export type StoreInShort = {
  id: number
  name: string
  channel: string
  badge: string
  sync: 'off' | 'rehearsing' | 'on'
  state: StoreState
  lastOrderPull: number | null
  due: number
  held: number
  practice: boolean
}

export type AppState = {
  version: string
  dataDir: string
  ready: boolean
  trouble: string
  firstStart: boolean
  paused: boolean
  practice: boolean
  /** Null while nothing is held back. */
  away: AwayNow | null
  state: StoreState
  stores: StoreInShort[]
}

export type Backup = { file: string; createdAt: number; size: number; rehearsed: boolean }

export type Reading = { part: string; read: number }

export type Safety = { folder: string; chooses: boolean; nightly: Backup | null; reading: Reading | null }

export type Verified = {
  ok: boolean
  at: number
  report: {
    movements: number
    products: number
    listings: number
    orders: number
    lines: number
    total: number
    differences: { code: string; message: string }[]
  }
}

export type Theme = 'system' | 'light' | 'dark' | ''
export type Contrast = 'system' | 'more' | ''
export type Look = { theme: Theme; contrast: Contrast; language: LanguageChoice | '' }

/** Where the person wants to go: to what needs them, or to a store. */
export type Place = { at: 'today' | 'store' | 'away'; id: number }

export type Background = {
  /** The program starts when the user logs in; null for a program without a window. */
  atLogin: boolean | null
  notices: { kind: NoticeKind; on: boolean }[]
}
