/**
 * The screens, each read when it is first shown: what the first paint loads is the shell and one screen.
 */
export const screens = {
  welcome: () => import('../screens/welcome/Welcome.svelte'),
  today: () => import('../screens/today/Today.svelte'),
  stock: () => import('../screens/stock/Stock.svelte'),
  product: () => import('../screens/product/Product.svelte'),
  orders: () => import('../screens/orders/Orders.svelte'),
  stores: () => import('../screens/stores/Stores.svelte'),
  store: () => import('../screens/stores/StorePage.svelte'),
  turnOn: () => import('../screens/turnon/TurnOn.svelte'),
  activity: () => import('../screens/activity/Activity.svelte'),
  drift: () => import('../screens/drift/Drift.svelte'),
  practice: () => import('../screens/practice/Practice.svelte'),
  health: () => import('../screens/health/Health.svelte'),
  settings: () => import('../screens/settings/Settings.svelte'),
  notices: () => import('./notices/Panel.svelte'),
  palette: () => import('./palette/Palette.svelte'),
  keys: () => import('./shortcuts/Sheet.svelte'),
}

/** How long after the first paint the others are read, so that none of them is waited for: stock is where people go first. */
const stockMs = 100
const restMs = 1_000

/** Reads every screen once the first one stands. Returns what stops it. */
export function readAhead(): () => void {
  const soon = (ms: number, reads: (() => Promise<unknown>)[]) =>
    setTimeout(() => {
      for (const read of reads) read().catch(() => {}) // shown, it says so itself
    }, ms)
  const timers = [soon(stockMs, [screens.stock]), soon(restMs, Object.values(screens))]
  return () => timers.forEach(clearTimeout)
}
