// A shop that calls when something changed: switched on in the window, and the sale is there at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from './browser.mjs'
import { evenstock, freePort, shops } from './programs.mjs'
import { connect, goto, turnOn } from './steps.mjs'

test('a shop calls through a tunnel, and its sale is booked at once', async (t) => {
  const [shop] = await shops(t)
  await shop.offer('TEA', 20)
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, shop)
  await turnOn(page, { copy: true })

  await page.getByRole('tab', { name: 'Settings' }).click()
  const ofStore = page.getByRole('region', { name: 'Webhooks' })
  await ofStore.getByText('That is switched off').waitFor()
  await ofStore.getByRole('button', { name: 'Switch on in Settings…' }).click()
  const port = await freePort()
  const settings = page.getByRole('region', { name: 'Webhooks' })
  await settings.getByLabel('Port').fill('80')
  await settings.getByText('Choose a number from 1024 to 65535.').waitFor()
  await settings.getByLabel('Port').fill(String(port))
  await settings.getByRole('switch', { name: 'Webhooks' }).click()
  await page.getByText(`Shops can call at port ${port} now.`, { exact: false }).waitFor()

  await goto(page, shop.name)
  await page.getByRole('tab', { name: 'Settings' }).click()
  const local = await ofStore.getByText(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/\d+$/).innerText()
  await ofStore.getByRole('button', { name: 'Make it' }).click()
  const secret = await ofStore.getByText(/^[A-Z2-7]{26}$/).innerText()
  assert.equal((await fetch(local, { method: 'POST', body: '{}' })).status, 401)
  assert.equal((await fetch(local.replace(/\d+$/, '99'), { method: 'POST', body: '{}' })).status, 404)
  await shop.api('POST', 'webhooks', { name: 'Evenstock', topic: 'order.created', delivery_url: local, secret })

  const began = Date.now()
  await shop.sell('TEA', 3)
  await goto(page, 'Stock')
  await page.locator('[data-key="TEA"] [data-column="booked"]').getByText('3', { exact: true }).waitFor({ timeout: 5_000 })
  t.diagnostic(`booked ${Date.now() - began} ms after the sale; orders are read every 10 minutes`)
  await goto(page, shop.name)
  await page.getByRole('tab', { name: 'Settings' }).click()
  await ofStore.getByText(/^Last call of the shop: /).waitFor()
})
