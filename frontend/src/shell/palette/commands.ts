import { type AppState, type RunKind, type Store, type Theme, api, toAppError } from '../../api'
import { duration } from '../../format/time'
import { list } from '../../format/number'
import { runSummary } from '../../parts/words'
import { router } from '../../route.svelte'
import { endAway } from '../../parts/away'
import { actionState, cooldownLeft, start } from '../../screens/stores/actions'
import { toasts } from '../../ui/toasts.svelte'
import { appearance } from '../look.svelte'
import { type Item, goTo } from './items'

const buttons: { kind: RunKind; title: (store: string) => string }[] = [
  { kind: 'sync', title: (store) => `Sync inventory & orders of ${store}` },
  { kind: 'inventory_refresh', title: (store) => `Hard refresh inventory of ${store}` },
  { kind: 'listings_sync', title: (store) => `Sync listings of ${store}` },
  { kind: 'listings_refresh', title: (store) => `Hard refresh listings of ${store}` },
]

const themes: { theme: Theme; title: string }[] = [
  { theme: 'light', title: 'Appearance: light' },
  { theme: 'dark', title: 'Appearance: dark' },
  { theme: 'system', title: 'Appearance: as the system' },
]

/** Places of the window. */
export function places(stores: Store[]): Item[] {
  return [
    goTo('go:stock', 'Stock', { at: 'stock' }, { also: 'products inventory' }),
    goTo('go:orders', 'Orders', { at: 'orders' }),
    goTo('go:stores', 'All stores', { at: 'stores' }),
    goTo('go:health', 'Catalogue health', { at: 'health' }, { also: 'sku duplicates unmatched' }),
    goTo('go:activity', 'Activity', { at: 'activity' }, { also: 'runs log' }),
    goTo('go:settings', 'Settings', { at: 'settings' }, { also: 'backup verify about version data folder' }),
    ...stores.map((s) => goTo(`go:store:${s.id}`, s.name, { at: 'store', id: s.id }, { detail: s.url, also: 'store' })),
  ]
}

/** Everything that can be done from anywhere. Elapsed is the age of the stores' answer, which their cooldowns count from. */
export function commands(app: AppState, stores: Store[], elapsedMs: number, showKeys: () => void): Item[] {
  return [
    ...(toasts.canUndo ? [command('undo', 'Undo the last change', () => toasts.undo())] : []),
    { ...command('sync:all', 'Sync all stores', syncAll), ...(stores.some((s) => s.sync === 'on') ? {} : { reason: 'Inventory sync is on for no store.' }) },
    app.paused
      ? command('go:on', 'Go on sending', () => said(() => api.app.resume(0), 'Sending goes on.'))
      : command('pause', 'Pause all sending', () => said(() => api.app.pause(0), 'Sending is paused. Orders are still read.')),
    app.away
      ? command('back', 'I am back: end away mode', endAway)
      : { ...command('away', 'Away mode…', () => router.go({ at: 'away' })), also: 'holiday buffer vacation hold back' },
    command('connect', 'Connect a store', () => router.go({ at: 'connect' })),
    command('keys', 'Keyboard shortcuts', showKeys),
    ...themes.filter((t) => t.theme !== appearance.chosen.theme).map((t) => command(`look:${t.theme}`, t.title, () => appearance.choose({ theme: t.theme }))),
    appearance.chosen.contrast === 'more'
      ? command('contrast', 'Appearance: usual contrast', () => appearance.choose({ contrast: 'system' }))
      : command('contrast', 'Appearance: high contrast', () => appearance.choose({ contrast: 'more' })),
    ...stores.flatMap((s) => ofStore(s, elapsedMs)),
  ]
}

function ofStore(store: Store, elapsedMs: number): Item[] {
  const left = { inventory: cooldownLeft(store.cooldown.inventory, elapsedMs), listings: cooldownLeft(store.cooldown.listings, elapsedMs) }
  const runs = buttons.map(({ kind, title }): Item => {
    const item = command(`${kind}:${store.id}`, title(store.name), () => run(store, kind))
    const state = actionState(store, kind, left)
    if (state.is === 'running') return { ...item, note: 'Running', reason: `This is running in ${store.name} already.` }
    if (state.is === 'ready') return state.note ? { ...item, note: state.note } : item
    const wait = kind === 'inventory_refresh' ? left.inventory : kind === 'listings_refresh' ? left.listings : 0
    return { ...item, note: wait > 0 ? `Again in ${duration(wait)}` : 'Sync is off', reason: state.reason }
  })
  if (store.sync !== 'on') return runs
  const pause = store.paused
    ? command(`go:on:${store.id}`, `Go on sending to ${store.name}`, () => said(() => api.app.resume(store.id), `Sending to ${store.name} goes on.`))
    : command(`pause:${store.id}`, `Pause sending to ${store.name}`, () => said(() => api.app.pause(store.id), `Sending to ${store.name} is paused. Its orders are still read.`))
  return [...runs, pause]
}

function command(id: string, title: string, does: () => void | Promise<void>): Item {
  return { id, kind: 'do', title, run: () => void does() }
}

/** Says what was done, or why it was not. */
async function said(does: () => Promise<unknown>, sentence: string): Promise<void> {
  try {
    await does()
    toasts.say(sentence)
  } catch (e) {
    toasts.say(toAppError(e).message)
  }
}

async function syncAll(): Promise<void> {
  try {
    const { runs, off } = await api.stores.syncAll()
    const bad = runs.filter((r) => r.outcome !== 'done').map((r) => r.store)
    const left = off.length > 0 ? `Sync is off for ${list(off)}.` : ''
    toasts.say([bad.length > 0 ? `Not everything was done in ${list(bad)}. Activity says why.` : 'All stores are synced.', left].filter(Boolean).join(' '))
  } catch (e) {
    toasts.say(toAppError(e).message)
  }
}

async function run(store: Store, kind: RunKind): Promise<void> {
  try {
    toasts.say(`${store.name}: ${runSummary(await start(store.id, kind))}`)
  } catch (e) {
    toasts.say(toAppError(e).message)
  }
}
