/**
 * The screens, each read when it is first shown: what the first paint loads is the shell and one screen.
 */
export const screens = {
  welcome: () => import('./welcome/Welcome.svelte'),
  today: () => import('./today/Today.svelte'),
  stock: () => import('./stock/Stock.svelte'),
  product: () => import('./product/Product.svelte'),
  orders: () => import('./orders/Orders.svelte'),
  stores: () => import('./stores/Stores.svelte'),
  store: () => import('./stores/StorePage.svelte'),
  turnOn: () => import('./turnon/TurnOn.svelte'),
  activity: () => import('./activity/Activity.svelte'),
  drift: () => import('./drift/Drift.svelte'),
  practice: () => import('./practice/Practice.svelte'),
  health: () => import('./health/Health.svelte'),
  settings: () => import('./settings/Settings.svelte'),
  palette: () => import('../shell/palette/Palette.svelte'),
  keys: () => import('../shell/shortcuts/Sheet.svelte'),
}

/** How long after the first paint the others are read, so that none of them is waited for. */
const restMs = 1_000

/** Reads every screen once the first one stands. Returns what stops it. */
export function readAhead(): () => void {
  const timer = setTimeout(() => {
    for (const read of Object.values(screens)) read().catch(() => {}) // shown, it says so itself
  }, restMs)
  return () => clearTimeout(timer)
}
