import { Tables } from './tables'
import type * as T from '../types'

const minute = 60_000
const hour = 60 * minute

type Item = { sku: string; title: string; variant?: string; inStock: number | null; booked: number; changed: number | null; on: string }

// One letter per store: t = Fernhill Trade, m = Fernhill Main, o = Fernhill Outlet.
const goods: Item[] = [
  { sku: 'CND-FIG-220', title: 'Candle, fig leaf, 220 g', inStock: 0, booked: 3, changed: 13 * minute, on: 'tm' },
  { sku: 'CND-PIN-220', title: 'Candle, pine, 220 g', inStock: 18, booked: 5, changed: 32 * minute, on: 'tmo' },
  { sku: 'CUP-ESP-BLK', title: 'Espresso cup 80 ml', variant: 'Black', inStock: 64, booked: 2, changed: 20 * minute, on: 'tm' },
  { sku: 'CUP-ESP-WHT', title: 'Espresso cup 80 ml', variant: 'White', inStock: null, booked: 2, changed: null, on: 'tmo' },
  { sku: 'LMP-PPR-30', title: 'Paper lantern 30 cm', inStock: 46, booked: 0, changed: 26 * hour, on: 'm' },
  { sku: 'LMP-PPR-45', title: 'Paper lantern 45 cm', inStock: 12, booked: 1, changed: 27 * hour, on: 'mt' },
  { sku: 'MUG-350-CRM', title: 'Enamel mug 350 ml', variant: 'Cream', inStock: 50, booked: 4, changed: 12 * minute, on: 'tmo' },
  { sku: 'MUG-350-NVY', title: 'Enamel mug 350 ml', variant: 'Navy', inStock: 31, booked: 2, changed: 22 * minute, on: 'tmoo' },
  { sku: 'MUG-350-RED', title: 'Enamel mug 350 ml', variant: 'Red', inStock: 77, booked: 0, changed: 100 * minute, on: 'to' },
  { sku: 'NAP-LIN-4', title: 'Linen napkins, set of 4', inStock: 24, booked: 2, changed: 53 * minute, on: 'tm' },
  { sku: 'OIL-OLV-500', title: 'Olive oil tin 500 ml', inStock: 141, booked: 12, changed: 16 * minute, on: 'tm' },
  { sku: 'PIC-SET-4', title: 'Picnic set for four', inStock: 9, booked: 1, changed: 12 * minute, on: 'm' },
  { sku: 'PLT-ENM-24', title: 'Enamel plate 24 cm', variant: 'Cream', inStock: 208, booked: 6, changed: 67 * minute, on: 'tmo' },
  { sku: 'RUG-JUT-90', title: 'Jute rug 90 × 150 cm', inStock: 6, booked: 0, changed: 40 * hour, on: 'to' },
  { sku: 'SOP-OAT-100', title: 'Oat soap 100 g', inStock: 412, booked: 22, changed: 19 * minute, on: 'tmo' },
  { sku: 'SPN-OLV-30', title: 'Olive wood spoon 30 cm', inStock: 95, booked: 3, changed: 40 * minute, on: 'tm' },
  { sku: 'TIN-TEA-125', title: 'Tea tin 125 g, empty', inStock: 330, booked: 0, changed: 6 * 24 * hour, on: 'm' },
  { sku: 'TWL-WAF-SGE', title: 'Waffle towel', variant: 'Sage', inStock: 4, booked: 5, changed: 15 * minute, on: 'tmo' },
  { sku: 'TWL-WAF-SND', title: 'Waffle towel', variant: 'Sand', inStock: 38, booked: 3, changed: 26 * minute, on: 'tm' },
  { sku: 'VAS-GLS-30', title: 'Glass vase 30 cm', inStock: null, booked: 0, changed: null, on: 'o' },
]

const shops = { t: 1, m: 2, o: 3 } as Record<string, number>

/** World is the small business behind the fake. Ages are measured from now, so that pictures of it stay the same. */
export class World {
  readonly now: number
  stores: T.Store[]
  rows: T.StockRow[]
  terms = new Map<string, T.Term[]>()
  runs: T.Run[]
  orders: T.Order[]
  told: T.Notice[]
  paused = false
  warehouses: T.Warehouse[] = [{ code: 'MAIN', name: 'Main warehouse', priority: 1, main: true, products: 0, units: 0, booked: 0, stores: [] }]
  atLogin: boolean | null = false
  readonly tables = new Tables()
  hooks: T.Webhooks = { on: false, port: 8793, trouble: '' }
  away: T.AwayState = { on: false, units: 0, percent: 0, until: null, atStart: false, planned: false, planUnits: 0, planPercent: 0, plan: [], offer: false, quits: true }
  notices: T.Background['notices'] = (['key', 'stale', 'backup', 'held', 'refused', 'oversold', 'unmatched', 'question'] as const).map((kind) => ({ kind, on: true }))
  version = 1
  /** What was made even again: the store's number and the SKU. */
  readonly fixed = new Set<string>()
  /** Which stores sell from a warehouse besides the main one: the store's number and the code. */
  readonly linked = new Set<string>()
  /** Which warehouse each location of a shop with locations is, by its ref. */
  readonly places = new Map([['1', 'MAIN'], ['2', 'DEPOT']])
  #seq = 5000
  #listeners = new Set<() => void>()

  constructor(now: number) {
    this.now = now
    this.stores = [
      shop(now, 1, 'Fernhill Trade', 'etsy', {
        listingEvery: 12 * hour, lastListingSync: now - 3 * hour, quota: { left: 312, most: 5000, resetAt: now + 9 * hour },
        cooldown: { inventory: 764, listings: 0 }, counts: counts(240, { held: 7 }),
      }),
      shop(now, 2, 'Fernhill Main', 'woocommerce', { statuses: ['wc-packing'], counts: counts(1204, { noSku: 3 }) }),
      shop(now, 3, 'Fernhill Outlet', 'shopify', { sync: 'off', lastOrderPull: null, lastInventorySync: null, counts: counts(214, { untracked: 2 }) }),
    ]
    this.rows = goods.map((g, i) => ({
      id: i + 1,
      sku: g.sku,
      title: g.title,
      variant: g.variant ?? '',
      inStock: g.inStock,
      booked: g.booked,
      available: g.inStock === null ? null : g.inStock - g.booked,
      counted: g.inStock !== null,
      oversold: g.inStock === null ? 0 : Math.max(0, g.booked - g.inStock),
      listings: g.on.length,
      changed: g.changed === null ? null : now - g.changed,
      stores: [...g.on].map((c) => ({ store: shops[c] ?? 0, state: cell(c, g) })),
    }))
    for (const row of this.rows) this.terms.set(row.sku, this.#history(row))
    this.runs = someRuns(now)
    this.orders = someOrders(now)
    this.told = someNotices(now)
  }

  /** Adds a second warehouse and a shop that has locations. */
  spread(): void {
    this.warehouses.push({ code: 'DEPOT', name: 'Depot at the station', priority: 2, main: false, products: 0, units: 0, booked: 0, stores: [] })
    this.stores.push(shop(this.now, 4, 'Fernhill Garden', 'shopify', { located: true, counts: counts(96, {}) }))
    this.linked.add('4 DEPOT')
    for (const row of this.rows.filter((r) => r.counted).slice(0, 12)) row.stores.push({ ...row.stores[0]!, store: 4, state: 'even' })
  }

  /** Lets the key of a shop come near its end. */
  age(): void {
    const at = this.now + 23 * 24 * hour
    const keyEnd = { field: 'clientSecret', at, soon: true, renew: 'Make a new one in Seller Central, under LWA credentials, and enter it.' }
    this.stores.push(shop(this.now, 4, 'Fernhill at Amazon', 'amazon', { accountId: 'A1', url: 'https://www.amazon.co.uk', listingEvery: 12 * hour, statuses: [], counts: counts(96, {}), keyEnd }))
    this.told.unshift({ id: 7, kind: 'key_ends', storeId: 4, store: 'Fernhill at Amazon', count: 1, text: keyEnd.renew, by: at, at: this.now - 2 * hour, ended: null, read: false })
  }

  /** Leaves nothing for a person to do. */
  settle(): void {
    this.stores = this.stores.slice(0, 2).map((s) => ({ ...s, counts: { ...s.counts, held: 0 } }))
    this.rows = this.rows.filter((r) => r.counted && r.oversold === 0)
    this.runs = this.runs.filter((r) => r.outcome === 'done')
    this.told = []
    this.orders = this.orders.filter((o) => o.lines.every((l) => l.product !== null))
  }

  listen(callback: () => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  changed(): void {
    this.version++
    for (const callback of this.#listeners) callback()
  }

  /** Marks notices as read. */
  tellRead(ids: number[]): void {
    this.told = this.told.map((n) => (ids.includes(n.id) ? { ...n, read: true } : n))
    this.changed()
  }

  /** Appends a term and brings the row up to date. */
  append(row: T.StockRow, kind: string, inStock: number, more: Partial<T.Term> = {}): T.Term {
    const after = (row.inStock ?? 0) + inStock
    const term: T.Term = {
      seq: ++this.#seq,
      at: this.now,
      kind,
      inStock,
      booked: 0,
      inStockAfter: after,
      bookedAfter: row.booked,
      actor: 'you',
      reason: '',
      note: '',
      cause: null,
      undone: false,
      ...more,
    }
    this.terms.get(row.sku)?.push(term)
    Object.assign(row, { inStock: after, counted: true, available: after - row.booked, changed: this.now })
    row.oversold = Math.max(0, -(row.available ?? 0))
    this.changed()
    return term
  }

  #history(row: T.StockRow): T.Term[] {
    const terms: T.Term[] = []
    const base = { actor: 'you', reason: '', note: '', cause: null, undone: false }
    if (row.inStock !== null) {
      const at = this.now - 6 * 24 * hour
      terms.push({ ...base, seq: ++this.#seq, at, kind: 'count', inStock: row.inStock, booked: 0, inStockAfter: row.inStock, bookedAfter: 0 })
    }
    if (row.booked > 0) {
      const cause = { store: 'Fernhill Main', order: '1001', line: '1' }
      const at = row.changed ?? this.now - hour
      terms.push({ ...base, seq: ++this.#seq, at, kind: 'booked', actor: 'sync', inStock: 0, booked: row.booked, inStockAfter: row.inStock, bookedAfter: row.booked, cause })
    }
    return terms
  }
}

function cell(letter: string, g: Item): T.ListingState {
  if (letter === 'o') return 'off'
  if (letter === 't' && g.sku === 'RUG-JUT-90') return 'refused'
  if (letter === 't' && g.sku.startsWith('TWL')) return 'held'
  return letter === 'm' && g.sku === 'MUG-350-CRM' ? 'due' : 'even'
}

function counts(listings: number, more: Partial<T.Store['counts']>): T.Store['counts'] {
  return { listings, linked: listings - (more.noSku ?? 0), noSku: 0, untracked: 0, due: 0, held: 0, ...more }
}

function shop(now: number, id: number, name: string, channel: string, more: Partial<T.Store>): T.Store {
  return {
    id,
    name,
    channel,
    url: `https://${name.toLowerCase().replace(' ', '-')}.example`,
    accountId: `${channel}-${id}`,
    sync: 'on',
    paused: false,
    needs: null,
    needsText: '',
    includeDrafts: false,
    every: 10 * minute,
    listingEvery: minute,
    lastOrderPull: now - 2 * minute,
    lastInventorySync: now - 12 * minute,
    lastListingSync: now - 40_000,
    cooldown: { inventory: 0, listings: 0 },
    counts: counts(0, {}),
    warnings: [],
    lastError: '',
    retryAt: null,
    practice: false,
    statuses: [],
    statusMap: {},
    located: false,
    unlinked: false,
    quota: null,
    keyEnd: null,
    activity: null,
    ...more,
  }
}

function someRuns(now: number): T.Run[] {
  const run = (id: number, store: string, kind: T.RunKind, ago: number, outcome: T.RunOutcome, more: Partial<T.Run> = {}): T.Run => ({
    id, store, kind, outcome, startedAt: now - ago, finishedAt: now - ago + 4000,
    ordersRead: 0, ordersChanged: 0, listingsRead: 0, unitsBooked: 0, unitsFulfilled: 0, unitsReleased: 0,
    checked: 0, written: 0, alreadyRight: 0, refused: 0, pending: 0, held: 0, errors: [], ...more,
  })
  const errors = [{ sku: 'RUG-JUT-90', listing: '118', code: 'untracked', message: 'The shop refused this listing: it has no stock tracking there.' }]
  return [
    run(9, 'Fernhill Main', 'sync', 2 * minute, 'done', { ordersRead: 3, ordersChanged: 2, unitsBooked: 5, checked: 8, written: 8 }),
    run(8, 'Fernhill Trade', 'sync', 2 * minute, 'held', { ordersRead: 1, held: 7, note: 'Nothing was sent to Fernhill Trade. This sync would have set 7 of 240 listings to zero.' }),
    run(7, 'Fernhill Trade', 'sync', 32 * minute, 'partly', { ordersRead: 4, ordersChanged: 4, checked: 10, written: 9, refused: 1, errors }),
    run(6, 'Fernhill Outlet', 'listings_sync', 3 * hour, 'done', { listingsRead: 214 }),
    run(5, 'Fernhill Main', 'sync', 4 * hour, 'failed', { note: 'Fernhill Main does not answer. Its orders could not be read, so nothing was sent to it.' }),
    run(4, 'Fernhill Main', 'inventory_refresh', 26 * hour, 'done', { checked: 1204, written: 12, alreadyRight: 1192 }),
  ]
}

function someOrders(now: number): T.Order[] {
  const line = (sku: string, more: Partial<T.OrderLine>): T.OrderLine => ({
    id: `2/${sku}/1`, sku, title: goods.find((g) => g.sku === sku)?.title ?? sku, product: sku,
    ordered: 1, fulfilled: 0, released: 0, writtenOff: 0, returned: 0, booked: 0, baseline: false, ...more,
  })
  const order = (number: string, ago: number, state: T.Order['state'], lines: T.OrderLine[], more: Partial<T.Order> = {}): T.Order => ({
    store: 'Fernhill Main', storeId: 2, ref: number, number, placedAt: now - ago, updatedAt: now - ago,
    storeStatus: state === 'closed' ? 'completed' : 'processing', state, notice: '', lines, ...more,
  })
  return [
    order('1002', 5 * minute, 'open', [line('OIL-OLV-500', { ordered: 2, booked: 2 }), line('SOP-OAT-100', { booked: 1 })]),
    order('1001', 13 * minute, 'open', [line('MUG-350-CRM', { ordered: 4, booked: 4 })]),
    order('998', 26 * minute, 'part', [line('NAP-LIN-4', { ordered: 2, fulfilled: 2 }), line('SPN-OLV-30', { ordered: 3, booked: 3 })]),
    order('994', 33 * minute, 'closed', [line('MUG-350-CRM', { released: 1 })], { storeStatus: 'cancelled' }),
    order('985', 2 * hour, 'open', [line('brd-oak-l', { product: null, title: 'Oak board, large' })], { store: 'Fernhill Trade', storeId: 1 }),
    order('981', 27 * hour, 'closed', [line('LMP-PPR-45', { ordered: 2, fulfilled: 2 })]),
  ]
}

function someNotices(now: number): T.Notice[] {
  const told = (id: number, kind: T.Notice['kind'], ago: number, count: number, more: Partial<T.Notice> = {}): T.Notice => ({
    id, kind, storeId: 0, store: '', count, text: '', by: 0, at: now - ago, ended: null, read: false, ...more,
  })
  const trade = { storeId: 1, store: 'Fernhill Trade' }
  const main = { storeId: 2, store: 'Fernhill Main' }
  return [
    told(6, 'held', 8 * minute, 7, trade),
    told(5, 'oversold', 15 * minute, 2),
    told(4, 'unmatched', 2 * hour, 1, { read: true }),
    told(3, 'orders', 7 * hour, 1, { ...main, text: 'The shop does not answer. Its orders are read again at 03:31.', ended: now - 6 * hour }),
    told(2, 'backup', 31 * hour, 1, { text: 'The disk that holds ~/.local/share/evenstock is full.', ended: now - 7 * hour, read: true }),
    told(1, 'keys', 4 * 24 * hour, 1, { ...main, ended: now - 4 * 24 * hour + 12 * minute, read: true }),
  ]
}
