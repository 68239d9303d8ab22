import * as Activity from '../../wailsjs/go/bridge/Activity'
import * as App from '../../wailsjs/go/bridge/App'
import * as Away from '../../wailsjs/go/bridge/Away'
import * as Health from '../../wailsjs/go/bridge/Health'
import * as Notices from '../../wailsjs/go/bridge/Notices'
import * as Orders from '../../wailsjs/go/bridge/Orders'
import * as Settings from '../../wailsjs/go/bridge/Settings'
import * as Practice from '../../wailsjs/go/bridge/Practice'
import * as Stock from '../../wailsjs/go/bridge/Stock'
import * as Stores from '../../wailsjs/go/bridge/Stores'
import * as Today from '../../wailsjs/go/bridge/Today'
import * as Warehouses from '../../wailsjs/go/bridge/Warehouses'
import type { bridge } from '../../wailsjs/go/models'
import * as runtime from '../../wailsjs/runtime/runtime'
import type { Api, Topic } from './api'
import { toAppError } from './error'
import type { Place, SettingsPatch, WarehousePatch } from './types'

/**
 * A type as the generated bindings state it: words are strings, and what may be null is optional. The calls below are
 * checked against the page's own, stricter types through it, so that a field renamed in Go does not compile here.
 */
type Wire<T> = T extends (...args: infer A) => infer R
  ? (...args: { [K in keyof A]: Wire<NonNullable<A[K]>> }) => Wire<R>
  : T extends Promise<infer R>
    ? Promise<Wire<R>>
    : T extends string
      ? string
      : T extends number | boolean | void
        ? T
        : T extends readonly (infer U)[]
          ? Wire<U>[]
          : { [K in keyof T as null extends T[K] ? never : K]: Wire<T[K]> } & {
              [K in keyof T as null extends T[K] ? K : never]?: Wire<NonNullable<T[K]>>
            }

/** The program behind the page: the window's own, or the one that serves a plain browser. */
export function backend(): Api {
  const calls: Wire<Omit<Api, 'onChanged' | 'onOpen' | 'openURL' | 'copy'>> = {
    app: {
      state: guard(App.State),
      startPractice: guard(App.StartPractice),
      pause: guard(App.Pause),
      resume: guard(App.Resume),
    },
    stores: {
      list: guard(Stores.List),
      channels: guard(Stores.Channels),
      add: guard(Stores.Add),
      login: guard(Stores.Login),
      paste: guard(Stores.Paste),
      cancelLogin: guard(Stores.CancelLogin),
      check: guard(Stores.Check),
      // What is absent stays as it is; the bindings cannot say that of a map.
      settings: guard((store: number, patch: SettingsPatch) => Stores.Settings(store, patch as bridge.SettingsPatch)),
      remove: guard(Stores.Remove),
      rehearse: guard(Stores.Rehearse),
      tableRows: guard(Stores.TableRows),
      tick: guard(Stores.Tick),
      turnOn: guard(Stores.TurnOn),
      turnOff: guard(Stores.TurnOff),
      sync: guard(Stores.Sync),
      syncAll: guard(Stores.SyncAll),
      refreshInventory: guard(Stores.RefreshInventory),
      syncListings: guard(Stores.SyncListings),
      refreshListings: guard(Stores.RefreshListings),
      hooks: guard(Stores.Hooks),
      makeHookSecret: guard(Stores.MakeHookSecret),
      setHookSecret: guard(Stores.SetHookSecret),
      cancel: guard(Stores.Cancel),
      held: guard(Stores.Held),
      approve: guard(Stores.Approve),
      drop: guard(Stores.Drop),
      drift: guard(Stores.Drift),
      fixDrift: guard(Stores.FixDrift),
      track: guard(Stores.Track),
      answerRenamed: guard(Stores.AnswerRenamed),
      answerShipped: guard(Stores.AnswerShipped),
    },
    stock: {
      rows: guard(Stock.Rows),
      change: guard(Stock.Change),
      changeMany: guard(Stock.ChangeMany),
      undoMany: guard(Stock.UndoMany),
      sheet: guard(Stock.Sheet),
      product: guard(Stock.Product),
      explain: guard(Stock.Explain),
      overTime: guard(Stock.OverTime),
      undo: guard(Stock.Undo),
      settle: guard(async (item: number, waitMs: number) => (await Stock.Settle(item, waitMs)).pushes),
    },
    warehouses: {
      list: guard(Warehouses.List),
      stock: guard(Warehouses.Stock),
      add: guard(Warehouses.Add),
      set: guard((code: string, patch: WarehousePatch) => Warehouses.Set(code, patch as bridge.WarehousePatch)),
      remove: guard(Warehouses.Remove),
      locations: guard(Warehouses.Locations),
      link: guard(Warehouses.Link),
    },
    orders: { rows: guard(Orders.Rows), link: guard(Orders.Link) },
    practice: {
      shops: guard(Practice.Shops),
      offer: guard(Practice.Offer),
      order: guard(Practice.Order),
      ship: guard(Practice.Ship),
      cancel: guard(Practice.Cancel),
      refund: guard(Practice.Refund),
      count: guard(Practice.Count),
      hideNew: guard(Practice.HideNew),
      break: guard(Practice.Break),
      heal: guard(Practice.Heal),
      jump: guard(Practice.Jump),
      live: guard(Practice.Live),
    },
    activity: guard(async (store: number, offset: number, limit: number) => (await Activity.Runs(store, offset, limit)).runs),
    undoPush: guard(Activity.UndoPush),
    health: guard(Health.Get),
    settings: {
      get: guard(Settings.Get),
      backup: guard(Settings.Backup),
      verify: guard(Settings.Verify),
      look: guard(Settings.Look),
      setLook: guard(Settings.SetLook),
      openFolder: guard(Settings.OpenFolder),
      background: guard(Settings.Background),
      setAtLogin: guard(Settings.SetAtLogin),
      setNotice: guard(Settings.SetNotice),
      hooks: guard(Settings.Hooks),
      setHooks: guard(Settings.SetHooks),
    },
    away: {
      get: guard(Away.Get),
      preview: guard(Away.Preview),
      start: guard(Away.Start),
      end: guard(Away.End),
      setPlan: guard(Away.SetPlan),
      setOffer: guard(Away.SetOffer),
    },
    notices: { list: guard(Notices.List), markRead: guard(Notices.MarkRead), markAllRead: guard(Notices.MarkAllRead) },
    today: guard(Today.Get),
  }
  return { ...(calls as unknown as Api), onChanged, onOpen, openURL: runtime.BrowserOpenURL, copy }
}

/** Makes every failure of a call an AppError. */
function guard<A extends unknown[], R>(call: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await call(...args)
    } catch (e) {
      throw toAppError(e)
    }
  }
}

function onChanged(topics: Topic[], callback: () => void): () => void {
  return runtime.EventsOn('changed', (changed: Topic[]) => {
    if (changed.some((topic) => topics.includes(topic))) callback()
  })
}

function onOpen(callback: (place: Place) => void): () => void {
  return runtime.EventsOn('open', callback)
}

/** The window's page is no secure context, so it has no clipboard of its own. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) await navigator.clipboard.writeText(text)
  else await runtime.ClipboardSetText(text)
}
