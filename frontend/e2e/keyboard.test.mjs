// A seller without a mouse: from the first start to even shops, and a change of many products, by keyboard alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes, open, reads } from './browser.mjs'
import { evenstock, shops } from './programs.mjs'

const most = 80 // presses of Tab before a thing counts as out of reach

/** Goes on with Tab until the focus is there, and sees that the focus can be seen. */
async function reach(page, what) {
  await what.waitFor()
  for (let i = 0; i < most; i++) {
    const [here, ringed] = await what.evaluate((el) => {
      const { outlineStyle, boxShadow, borderColor } = getComputedStyle(el)
      return [el === document.activeElement, outlineStyle !== 'none' || boxShadow !== 'none' || borderColor !== getComputedStyle(el.parentElement).borderColor]
    })
    if (here) return assert.ok(ringed, `nobody sees that the focus is on ${what}`)
    await page.keyboard.press('Tab')
  }
  assert.fail(`${most} presses of Tab do not lead to ${what}`)
}

test('from the first start to even shops by keyboard alone, then a change of many products', async (t) => {
  const [shop] = await shops(t)
  // The practice shop has a crate of apples of its own.
  for (const [sku, quantity] of [['APPLE', 50], ['PEAR', 20], ['PLUM', 7]]) await shop.offer(sku, quantity)
  const { address } = await evenstock(t)
  const page = await open(t, address)
  const button = (name) => page.getByRole('button', { name }).last()
  const press = async (name) => {
    await reach(page, button(name))
    await page.keyboard.press('Enter')
  }
  const type = async (label, text) => {
    await reach(page, page.getByLabel(label))
    await page.keyboard.type(text)
  }

  await press(/^Continue with WooCommerce/)
  await type('Shop address', shop.url)
  await type('Consumer key', shop.key)
  await type('Consumer secret', shop.secret)
  const allow = page.getByRole('checkbox', { name: 'Allow an unencrypted address' })
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await reach(page, allow)
  await page.keyboard.press('Space')
  await press('Test and connect')
  await page.getByRole('heading', { name: shop.name, level: 1 }).waitFor()

  await press('Turn on…')
  await press('Continue')
  const copy = page.getByRole('radio', { name: /^Copy inventory from/ })
  const chosen = page.getByRole('radio', { checked: true })
  await reach(page, chosen)
  for (let i = 0; i < 3 && !(await copy.isChecked()); i++) await page.keyboard.press('ArrowDown')
  assert.ok(await copy.isChecked())
  await press('Rehearse')
  await page.getByText(/Nothing has been written yet/).waitFor()
  await press(/^Turn on/)
  await page.getByRole('switch', { name: /^Inventory sync of/ }).waitFor()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('stock')
  await page.getByRole('option', { selected: true, name: /^Stock/ }).waitFor()
  await page.keyboard.press('Enter')
  await reads(page, 'PLUM', 'inStock', '7')
  await reach(page, page.getByRole('grid', { name: 'Stock' }))
  await page.keyboard.press('Control+a')
  await press('Change stock…')
  const many = page.getByRole('dialog', { name: 'Change In stock of 4 products' })
  await many.waitFor()
  await page.keyboard.type('5')
  await press('Change 4')
  await many.waitFor({ state: 'detached' })
  for (const [sku, now] of [['APPLE', 55], ['PEAR', 25], ['PLUM', 12]]) await becomes(sku, now, () => shop.shown(sku))
  await page.keyboard.press('Control+z')
  await reads(page, 'PLUM', 'inStock', '7')
})
