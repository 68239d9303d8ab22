import type { Api } from '../api'
import { AppError } from '../error'
import type * as T from '../types'
import { away } from './away'
import { drift } from './drift'
import { hooksOf } from './hooks'
import { Logins } from './login'
import { practice } from './practice'
import { rehearsal } from './rehearsal'
import { change, explanation, overTime, product, stockRows, undo } from './stock'
import { changeMany, sheet, undoMany } from './many'
import { today } from './today'
import { warehouses } from './warehouses'
import { World } from './world'

const scenes = ['full', 'places', 'empty', 'fresh', 'even', 'keys', 'fails', 'error'] as const

/**
 * What the fake stands for: a business at work, the same with two warehouses and a shop with locations, one that starts
 * today, one whose store is not turned on yet, one without any worry, a program that tells nothing but what its stores
 * are, or one whose calls all fail.
 */
export type Scene = (typeof scenes)[number]

const key = (name: string, label: string): T.Field => ({ name, label, help: '', secret: true, required: true, choices: [] })
const other = (name: string, title: string, badge: string, ...labels: string[]): T.Channel => ({ name, title, badge, login: '', steps: [], fields: labels.map((l) => key(l.toLowerCase(), l)) })

const channels: T.Channel[] = [
  {
    name: 'woocommerce',
    title: 'WooCommerce',
    badge: 'WC',
    login: '',
    steps: [
      "Log in to the shop's administration as someone who may manage the shop.",
      'Go to WooCommerce, Settings, Advanced, REST API and choose Add key.',
      'Enter Evenstock as the description and choose the permission Read/Write.',
      'Choose Generate API key.',
      'Copy the consumer key and the consumer secret here. The shop shows them only once.',
    ],
    fields: [
      { name: 'url', label: 'Address of the shop', help: "The address of the shop's front page, for example https://shop.example.com.", secret: false, required: true, choices: [] },
      { name: 'key', label: 'Consumer key', help: 'It begins with ck_.', secret: true, required: true, choices: [] },
      { name: 'secret', label: 'Consumer secret', help: 'It begins with cs_.', secret: true, required: true, choices: [] },
    ],
  },
  other('bigcommerce', 'BigCommerce', 'BC', 'Token'),
  other('shopify', 'Shopify', 'SH', 'ID', 'Secret'),
  {
    name: 'etsy',
    title: 'Etsy',
    badge: 'ET',
    login: 'refreshToken',
    steps: ['Log in on etsy.com/developers as the owner of the shop and choose Create a new app.', 'Copy the keystring and the shared secret of the app.'],
    fields: [
      { name: 'keystring', label: 'Keystring', help: 'The API key of your Etsy app.', secret: false, required: true, choices: [] },
      { name: 'sharedSecret', label: 'Shared secret', help: 'It stands beside the keystring.', secret: true, required: true, choices: [] },
      { name: 'refreshToken', label: 'Refresh token', help: 'Leave it empty to log in through your browser.', secret: true, required: false, choices: [] },
    ],
  },
  {
    name: 'ebay',
    title: 'eBay',
    badge: 'EB',
    login: 'refreshToken',
    steps: ['Log in on developer.ebay.com and create a keyset for Production.', 'Copy the App ID, the Cert ID and the RuName here.'],
    fields: [
      { name: 'clientId', label: 'App ID', help: 'The client ID of your production keyset.', secret: false, required: true, choices: [] },
      { name: 'clientSecret', label: 'Cert ID', help: 'It stands beside the App ID.', secret: true, required: true, choices: [] },
      { name: 'refreshToken', label: 'Refresh token', help: 'Leave it empty to log in through your browser.', secret: true, required: false, choices: [] },
    ],
  },
  other('amazon', 'Amazon', 'AM', 'ID', 'Secret'),
]

/** The same functions over a small data set: for a plain browser, component tests and pictures, without Go. */
export function backend(scene: Scene = fromAddress(), now: number = Date.now()): Api {
  const world = new World(now)
  const logins = new Logins(() => world.changed())
  if (scene === 'empty') Object.assign(world, { stores: [], rows: [], runs: [], orders: [], told: [] })
  if (scene === 'fresh') Object.assign(world, { stores: world.stores.slice(2), rows: world.rows.filter((r) => !r.counted), runs: [], orders: [], told: [] })
  if (scene === 'even') world.settle()
  if (scene === 'places') world.spread()
  if (scene === 'keys') world.age()

  /** Answers later, as the real one does, and fails where the scene wants it. */
  const answer = async <A>(make: () => A, known = false): Promise<A> => {
    await Promise.resolve()
    if (scene === 'error' || (scene === 'fails' && !known)) throw new AppError('internal', 'Evenstock made a mistake while doing this. What was saved before stays saved; the details are in the log.')
    return structuredClone(make())
  }
  const store = (id: number) => {
    const found = world.stores.find((s) => s.id === id)
    if (!found) throw new AppError('not_found', `There is no store number ${id}.`)
    return found
  }
  const patch = (id: number, change: Partial<T.Store>) => answer(() => {
    Object.assign(store(id), change)
    world.changed()
    return store(id)
  })
  const run = (id: number, kind: T.RunKind, more: Partial<T.Run>) => answer(() => {
    const made: T.Run = { ...(world.runs[0] ?? noRun), id: world.runs.length + 10, store: store(id).name, kind, startedAt: now, finishedAt: now, outcome: 'done', errors: [], ...more }
    world.runs.unshift(made)
    world.changed()
    return made
  })

  return {
    onChanged: (_, callback) => world.listen(callback),
    onOpen: () => () => undefined,
    openURL: (url) => void window.open(url, '_blank', 'noopener'),
    copy: (text) => navigator.clipboard.writeText(text),
    app: {
      state: () => answer(() => appState(world), true),
      startPractice: () => answer(() => {
        const fresh = new World(now)
        Object.assign(world, { stores: fresh.stores.map((s) => ({ ...s, practice: true })), rows: fresh.rows, runs: fresh.runs, orders: fresh.orders })
        world.changed()
      }),
      pause: async (id) => void (id === 0 ? ((world.paused = true), world.changed()) : await patch(id, { paused: true })),
      resume: async (id) => void (id === 0 ? ((world.paused = false), world.changed()) : await patch(id, { paused: false })),
    },
    stores: {
      list: () => answer(() => world.stores, true),
      channels: () => answer(() => channels),
      login: () => answer(() => logins.now, true),
      paste: (address) => logins.end(address),
      cancelLogin: () => logins.end(''),
      add: async (form) => {
        const agreed = form.channel !== 'ebay' || (await logins.begin()) !== ''
        return answer(() => {
          if (!agreed) throw new AppError('invalid', 'The login was given up, so nothing is kept.')
          if (form.channel !== 'ebay' && !form.fields['key']?.startsWith('ck_')) {
            throw new AppError('auth', 'The shop does not know this consumer key. Copy both keys again; the secret is shown only once, so you may need a new pair.')
          }
          const added: T.Store = { ...(new World(now).stores[2] as T.Store), id: world.stores.length + 1, name: form.name, channel: form.channel }
          world.stores.push(added)
          world.changed()
          return { store: added, account: account(added) }
        })
      },
      check: (id) => answer(() => account(store(id))),
      hooks: (id) => answer(() => hooksOf(store(id), world.hooks, now)),
      makeHookSecret: () => answer(() => 'FAKE5ECRETOFTHEPRACTICEPAGE'),
      setHookSecret: () => answer(() => undefined),
      settings: (id, change) => patch(id, change as Partial<T.Store>),
      remove: (id) => answer(() => {
        world.stores = world.stores.filter((s) => s.id !== id)
        world.changed()
      }),
      rehearse: (id, answers) => answer(() => world.tables.keep(rehearsal(world, store(id), answers))),
      tableRows: (q) => answer(() => world.tables.rows(q)),
      tick: (t) => answer(() => world.tables.tick(t)),
      turnOn: async (id) => {
        await patch(id, { sync: 'on', lastOrderPull: now, lastInventorySync: now })
        return { runs: [await run(id, 'turn_on', { written: 5 })], off: [] }
      },
      turnOff: async (id) => void (await patch(id, { sync: 'off' })),
      sync: (id) => run(id, 'sync', { ordersRead: 2, written: 3 }),
      syncAll: async () => ({ runs: [await run(world.stores[0]?.id ?? 0, 'sync', { written: 3 })], off: [] }),
      refreshInventory: async (id) => {
        await patch(id, { cooldown: { ...store(id).cooldown, inventory: 14_400 } })
        return run(id, 'inventory_refresh', { checked: 240, written: 4, alreadyRight: 236 })
      },
      syncListings: (id) => run(id, 'listings_sync', { listingsRead: 4 }),
      refreshListings: async (id) => {
        await patch(id, { cooldown: { ...store(id).cooldown, listings: 14_400 } })
        return run(id, 'listings_refresh', { listingsRead: 240 })
      },
      cancel: async (id) => void (await patch(id, { activity: null })),
      held: (id) => answer(() => world.tables.keep(rehearsal(world, store(id), { copy: false, onTop: false, push: '', rows: [], table: 0 }))),
      approve: (id) => run(id, 'sync', { written: 7 }),
      drop: () => answer(() => 7),
      drift: (id) => answer(() => drift(world, store(id))),
      fixDrift: (id, skus) => {
        for (const sku of skus ?? world.rows.map((r) => r.sku)) world.fixed.add(`${id} ${sku}`)
        return run(id, 'sync', { written: skus?.length ?? 3 })
      },
      track: (id) => run(id, 'inventory_refresh', { written: 2 }),
      answerRenamed: () => answer(() => undefined),
      answerShipped: () => answer(() => undefined),
    },
    stock: {
      rows: (q) => answer(() => stockRows(world, q)),
      changeMany: (changes) => answer(() => changeMany(world, changes)),
      undoMany: (seqs) => answer(() => undoMany(world, seqs)),
      sheet: (request) => answer(() => sheet(world, request)),
      change: (c) => answer(() => change(world, c)),
      product: (sku) => answer(() => product(world, sku)),
      explain: (sku) => answer(() => explanation(world, sku)),
      overTime: (sku) => answer(() => overTime(world, sku)),
      undo: (seq) => answer(() => undo(world, seq)),
      settle: () => answer(() => []),
    },
    warehouses: warehouses(world, answer),
    orders: {
      rows: (q) => answer(() => {
        const orders = world.orders.filter((o) => (!q.open || o.state === 'open' || o.state === 'part') && o.number.includes(q.number))
        return { total: orders.length, orders: orders.slice(q.offset, q.offset + q.limit) }
      }),
      link: () => answer(() => undefined),
    },
    practice: practice(world, answer),
    activity: (id, offset, limit) => answer(() => world.runs.filter((r) => id === 0 || r.store === store(id).name).slice(offset, offset + limit)),
    undoPush: async (id) => {
      const undone = world.runs.find((r) => r.id === id)
      const of = world.stores.find((s) => s.name === undone?.store)
      if (!undone || !of) throw new AppError('not_found', `There is no run ${id} in the activity.`)
      await patch(of.id, { paused: true })
      return run(of.id, 'undo_push', { ...nothing, written: undone.written, note: `Sending to ${of.name} is paused. When you let it go on, the numbers of the books are sent again.` })
    },
    health: () => answer(() => health(world)),
    settings: {
      get: () => answer(() => ({
        folder: '~/.local/share/evenstock/backups', chooses: false, reading: null,
        nightly: { file: '~/.local/share/evenstock/backups/evenstock-2026-08-18.bak', createdAt: now - 7 * 3_600_000, size: 4_718_592, rehearsed: true },
      })),
      backup: () => answer(() => ({ file: '~/.local/share/evenstock/backups/by-hand-2026-08-18-102400.bak', createdAt: now, size: 4_720_640, rehearsed: true })),
      verify: () => answer(() => ({ ok: true, at: now, report: { movements: 18_204, products: 1284, listings: 4310, orders: 2960, lines: 7120, total: 0, differences: [] } })),
      look: () => answer((): T.Look => ({ theme: '', contrast: '', language: '' })),
      setLook: () => answer(() => undefined),
      openFolder: () => answer(() => undefined),
      background: () => answer((): T.Background => ({ atLogin: world.atLogin, notices: world.notices })),
      setAtLogin: (on) => answer(() => {
        world.atLogin = on
      }),
      setNotice: (kind, on) => answer(() => {
        world.notices = world.notices.map((n) => (n.kind === kind ? { kind, on } : n))
      }),
      hooks: () => answer(() => world.hooks),
      setHooks: (on, port) => answer(() => {
        world.hooks = { on, port, trouble: '' }
      }),
    },
    away: away(world, answer),
    notices: {
      list: () => answer(() => ({ unread: world.told.filter((n) => !n.read).length, notices: world.told })),
      markRead: (ids) => answer(() => world.tellRead(ids)),
      markAllRead: () => answer(() => world.tellRead(world.told.map((n) => n.id))),
    },
    today: () => answer(() => today(world)),
  }
}

function fromAddress(): Scene {
  const asked = new URLSearchParams(location.search).get('scene')
  return scenes.find((s) => s === asked) ?? 'full'
}

const nothing = {
  ordersRead: 0, ordersChanged: 0, listingsRead: 0, unitsBooked: 0, unitsFulfilled: 0, unitsReleased: 0, checked: 0, written: 0,
  alreadyRight: 0, refused: 0, pending: 0, held: 0,
}

const noRun: T.Run = { id: 0, store: '', kind: 'sync', startedAt: 0, finishedAt: 0, outcome: 'done', ...nothing, errors: [] }

function appState(world: World): T.AppState {
  const state = (s: T.Store): T.StoreState => (s.counts.held > 0 ? 'attention' : s.sync === 'off' ? 'off' : s.paused ? 'paused' : 'even')
  return {
    version: '0.1.0',
    dataDir: '~/.local/share/evenstock',
    ready: true,
    trouble: '',
    firstStart: world.stores.length === 0,
    paused: world.paused,
    practice: world.stores.some((s) => s.practice),
    away: world.away.on ? world.away : null,
    state: 'attention',
    stores: world.stores.map((s) => ({
      id: s.id, name: s.name, channel: s.channel, badge: channels.find((c) => c.name === s.channel)?.badge ?? '', sync: s.sync, state: state(s),
      lastOrderPull: s.lastOrderPull, due: s.counts.due, held: s.counts.held, practice: s.practice,
    })),
  }
}

function account(s: T.Store): T.Account {
  return { id: s.accountId, name: s.name, url: s.url, version: '11.0.1', currency: 'EUR', time: 0, warnings: [] }
}

function health(world: World): T.Health {
  const none: T.Health = { noSku: [], duplicateSku: [], nearSku: [], unmatchedLines: [], untracked: [], shared: [], marketplace: [], unset: [], held: [], renamed: [], review: [] }
  if (world.rows.length === 0) return none
  const online = (sku: string) => (world.rows.some((r) => r.sku === sku) ? product(world, sku).online : [])
  const navy = online('MUG-350-NVY')
  const rug = online('RUG-JUT-90')
  const board = world.orders.find((o) => o.number === '985')
  return {
    ...none,
    noSku: rug.slice(0, 1).map((l) => ({ ...l, sku: '', title: 'Gift card', status: 'no_sku' })),
    duplicateSku: navy.length > 2 ? [{ sku: 'MUG-350-NVY', store: 'Fernhill Outlet', listings: navy.slice(2) }] : [],
    nearSku: board ? [{ a: 'brd-oak-l', b: 'BRD-OAK-L' }] : [],
    unmatchedLines: (board?.lines ?? []).map((l) => ({ ...l, store: 'Fernhill Trade', order: '985', number: '985', suggested: 'BRD-OAK-L' })),
    untracked: rug.slice(0, 1).map((l) => ({ ...l, status: 'untracked' })),
    unset: world.rows.filter((r) => !r.counted),
    held: online('TWL-WAF-SND').filter((l) => l.state === 'held'),
  }
}
