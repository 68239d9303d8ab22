// What a seller does again and again, step by step as on the screen.
import { open } from './browser.mjs'
import { evenstock, shops } from './programs.mjs'

/** Fills the connect form in and presses its button. */
export async function fillForm(page, { name = '', url, key, secret, allowHttp = true }) {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel(/^(Shop address|Address|Store address|URL|Shop URL|Address of the shop)/i).fill(url)
  await page.getByLabel('Consumer key').fill(key)
  await page.getByLabel('Consumer secret').fill(secret)
  const allow = page.getByRole('checkbox', { name: 'Allow an unencrypted address' })
  if ((await allow.count()) > 0 && (await allow.isChecked()) !== allowHttp) await allow.click()
  await page.getByRole('button', { name: 'Test and connect' }).click()
}

/** Connects a shop, from the first start or later. */
export async function connect(page, shop, name = shop.name) {
  const later = page.getByRole('button', { name: 'Connect a store' }).first()
  const first = page.getByRole('button', { name: /^Continue with/ })
  await later.or(first).first().waitFor()
  if (!(await first.isVisible())) await later.click()
  await first.click()
  await fillForm(page, { ...shop, name, url: shop.url, key: shop.key, secret: shop.secret })
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** Walks through the turn-on wizard of the store whose page is open. */
export async function turnOn(page, { copy, push = 'ticked' }) {
  await page.getByRole('button', { name: 'Turn on…' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText(copy ? /^Copy inventory from/ : 'Do not copy').click()
  await page.getByRole('button', { name: 'Rehearse' }).click()
  await page.getByText(/Nothing has been written yet/).waitFor()
  const last = push === 'none' ? page.getByRole('button', { name: 'Turn on, send nothing' }) : page.getByRole('button', { name: /^Turn on/ }).last()
  await last.click()
  await page.getByRole('switch', { name: /^Inventory sync of/ }).waitFor()
}

/** Books with shops that have the goods; the first is connected and on, its numbers copied. */
export async function oneStore(t, goods) {
  const all = await shops(t)
  for (const [sku, quantity, name] of goods) await all[0].offer(sku, quantity, name)
  const app = await evenstock(t)
  const page = await open(t, app.address)
  await connect(page, all[0])
  await turnOn(page, { copy: true })
  return { shop: all[0], shops: all, page, app }
}

export async function goto(page, place) {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: new RegExp(`^(WC )?${place}`) }).click()
}

/** Types a change of In stock into the grid and waits until it is kept. */
export async function change(page, sku, typed, then) {
  await page.locator(`[data-key="${sku}"] [data-column="inStock"] button`).click()
  const form = page.getByRole('dialog', { name: new RegExp(sku) })
  await form.getByLabel('Units').fill(typed)
  if (then) await then(form)
  await form.getByRole('button', { name: 'Save' }).click()
  await form.waitFor({ state: 'detached' })
}
