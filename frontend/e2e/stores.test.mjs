// Stores refresh, fail, pause and drift in the window's page, in Chromium over the real services and practice shops that speak WooCommerce.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes, reads } from './browser.mjs'
import { change, goto, oneStore } from './steps.mjs'

test('hard refresh: it reports, cools down and says until when', async (t) => {
  const { page, shop } = await oneStore(t, [['PEN', 9]])
  const button = page.getByRole('button', { name: 'Hard refresh inventory' })
  await button.click()
  await page.getByText(/^Hard refresh inventory: /).waitFor()
  await button.getByText(/^3:59:\d\d$/).waitFor()
  assert.equal(await button.getAttribute('aria-disabled'), 'true')
  assert.match((await button.getAttribute('title')) ?? '', /once every 4 hours/)
  const other = page.getByRole('button', { name: 'Hard refresh listings' })
  assert.equal(await other.getAttribute('aria-disabled'), null)
  assert.equal(await shop.shown('PEN'), 9)
})

test('a shop that does not answer: said in its card, and nothing is sent', async (t) => {
  const { page, shop } = await oneStore(t, [['PEN', 9]])
  await shop.fault({ match: 'orders', times: 100, kind: '500' })
  await goto(page, 'All stores')
  const card = page.getByRole('region', { name: shop.name })
  await card.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await card.getByText('No answer').waitFor()
  await goto(page, 'Activity')
  await page.getByText('Not done').first().waitFor()
})

test('pausing holds writes back, and going on sends them', async (t) => {
  const { page, shop } = await oneStore(t, [['PEN', 9]])
  await goto(page, 'All stores')
  await page.getByRole('button', { name: 'Pause all sending' }).click()
  await page.getByText('Sending is paused.', { exact: true }).waitFor()
  await goto(page, 'Stock')
  await change(page, 'PEN', '+1')
  await reads(page, 'PEN', 'inStock', '10')
  assert.equal(await shop.shown('PEN'), 9)
  await page.getByRole('button', { name: 'Go on' }).click()
  await becomes('the shop', 10, () => shop.shown('PEN'))
})

test('drift: a hand edit in the shop is shown and fixed', async (t) => {
  const { page, shop } = await oneStore(t, [['PEN', 9]])
  await goto(page, 'Drift')
  await page.getByRole('button', { name: 'Read now' }).click()
  await page.getByText('No differences').waitFor()
  await shop.count('PEN', 12)
  await page.getByRole('button', { name: 'Read now' }).click()
  const differs = page.getByRole('row', { name: /PEN/ })
  await differs.getByText('−3').waitFor()
  await differs.getByRole('button', { name: /^Fix PEN/ }).click()
  await becomes('the shop', 9, () => shop.shown('PEN'))
  await page.getByText('No differences').waitFor({ timeout: 60_000 })
})
