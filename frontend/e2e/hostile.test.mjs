// Names and SKUs that try to become markup, to hide themselves or to burst the page are shown as text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, row } from './browser.mjs'
import { became, goods, harmless, image, quoted, script } from './hostile.mjs'
import { evenstock, shops } from './programs.mjs'
import { connect, goto, turnOn } from './steps.mjs'

async function isText(page) {
  assert.deepEqual(await page.evaluate(became), harmless)
}

test('hostile names and SKUs are shown as text on every screen', async (t) => {
  const [shop] = await shops(t)
  for (const [sku, name] of goods) await shop.offer(sku, 5, name)
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, shop)
  await turnOn(page, { copy: true })

  await goto(page, 'Stock')
  await page.getByText(image, { exact: true }).first().waitFor()
  await page.getByText(script, { exact: true }).first().waitFor()
  await page.getByText(quoted, { exact: true }).first().waitFor()
  await isText(page)

  for (const [sku, name] of goods.slice(0, 4)) {
    await row(page, sku).getByRole('button', { name: sku, exact: true }).click()
    const heading = page.getByRole('heading', { level: 1 })
    await heading.waitFor()
    const shown = await heading.evaluate((h) => ({ text: h.textContent, dir: h.getAttribute('dir') }))
    assert.equal(shown.text, name)
    assert.equal(shown.dir, 'auto')
    await page.getByRole('tab', { name: /^History/ }).click()
    await isText(page)
    await page.getByRole('button', { name: 'Back' }).click()
  }

  await shop.sell('IMAGE', 1)
  await shop.sell('LONG', 1)
  await goto(page, 'All stores')
  await page.getByRole('button', { name: 'Sync inventory & orders' }).first().click()
  for (const place of ['Today', 'Orders', 'Activity', 'Catalogue health', 'Drift']) {
    await goto(page, place)
    await page.getByRole('heading', { name: place, level: 1 }).waitFor()
    await isText(page)
  }
})
