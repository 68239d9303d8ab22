// A line of an order that means no product yet, from the shop to the booking, in Chromium over the real services.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, reads, row } from './browser.mjs'
import { evenstock, shops } from './programs.mjs'
import { connect, goto, turnOn } from './steps.mjs'

test('an order line without a product is linked from its order, and its units are booked', async (t) => {
  const [shop] = await shops(t)
  await shop.offer('BRD-OAK-L', 8, 'Oak board')
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, shop)
  await turnOn(page, { copy: true })
  const odd = await shop.offer('', 4, 'Oak board, odd')
  const { id: order } = await shop.api('POST', 'orders', { status: 'processing', line_items: [{ product_id: odd, quantity: 3 }] })
  await page.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await goto(page, 'Orders')
  await page.getByText(`#${order}`, { exact: true }).first().click()
  const panel = page.getByRole('complementary', { name: `Order #${order}` })
  const form = panel.getByRole('form', { name: 'Link Oak board, odd' })
  await form.getByLabel('Which product is Oak board, odd?').fill('NOWHERE')
  await form.getByRole('button', { name: 'Link', exact: true }).click()
  await form.getByRole('alert').waitFor()
  await form.getByLabel('Which product is Oak board, odd?').fill('BRD-OAK-L')
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'detached' })
  await goto(page, 'Stock')
  await reads(page, 'BRD-OAK-L', 'booked', '3')

  await row(page, 'BRD-OAK-L').getByRole('button', { name: 'BRD-OAK-L', exact: true }).click()
  await page.getByRole('tab', { name: /^History/ }).click()
  const history = page.getByRole('grid', { name: 'History' })
  await page.getByRole('button', { name: /^Orders 1$/ }).click()
  await history.getByText(`Booked by order #${order}, ${shop.name}`).waitFor()
  assert.equal(await history.getByText(/^Copied/).count(), 0)
  await page.getByPlaceholder('Search the history').fill('nothing like it')
  await page.getByRole('button', { name: 'Show all of it' }).click()
  await history.getByText(/^Copied/).waitFor()
})
