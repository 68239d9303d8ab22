/**
 * The screens, and parts of them that are rarely opened, each read when it is first shown: what the first paint loads is the
 * shell and one screen.
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
  away: () => import('../screens/away/Away.svelte'),
  settings: () => import('../screens/settings/Settings.svelte'),
  notices: () => import('./notices/Panel.svelte'),
  palette: () => import('./palette/Palette.svelte'),
  keys: () => import('./shortcuts/Sheet.svelte'),
  held: () => import('../screens/stores/Held.svelte'),
  locations: () => import('../screens/stores/Places.svelte'),
  overTime: () => import('../screens/product/OverTime.svelte'),
  productWarehouses: () => import('../screens/product/Warehouses.svelte'),
  storeSettings: () => import('../screens/stores/Settings.svelte'),
}

/** How long after the first paint the others are read, so that none of them is waited for. */
const restMs = 1_000

/** Reads the screens that people see first, beside what the window starts with. */
export function readFirst(): void {
  read([screens.today, screens.stock])
}

/** Reads every screen once the first one stands. Returns what stops it. */
export function readAhead(): () => void {
  const timer = setTimeout(() => read(Object.values(screens)), restMs)
  return () => clearTimeout(timer)
}

function read(what: (() => Promise<unknown>)[]): void {
  for (const one of what) one().catch(() => {}) // shown, it says so itself
}
