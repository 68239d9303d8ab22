// What is done to a whole store, in a shop that takes its time: it counts, and it can be stopped.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from './browser.mjs'
import { evenstock, shops } from './programs.mjs'
import { connect, goto } from './steps.mjs'

test('a whole store: rehearsal and turning on count and can be stopped, ticks outlast what is in sight', async (t) => {
  const [shop] = await shops(t, 600)
  await shop.offer('AAA-EMPTY', 6)
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, shop)
  const wizard = async () => {
    await page.getByRole('button', { name: 'Turn on…' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }
  const counted = page.getByText(/^Read numbers, \d+ of 5\d\d/)
  const slow = () => shop.fault({ match: 'products', times: 6, kind: 'slow', after: '1500ms' })

  await wizard()
  await slow()
  await page.getByRole('button', { name: 'Rehearse' }).click()
  await counted.waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('Stopped. Nothing was sent.').waitFor()

  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(/Nothing has been written yet/).waitFor({ timeout: 60_000 })
  const grid = page.getByRole('grid', { name: 'Rehearsal' })
  assert.ok((await page.getByRole('row').count()) <= 61)
  assert.ok(Number(await grid.getAttribute('aria-rowcount')) > 500)

  await slow()
  await page.getByRole('button', { name: /^Turn on/ }).last().click()
  await counted.waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText(/^Stopped\. Sync of .* stays off and nothing was sent to it\./).waitFor()
  await goto(page, shop.name)
  await page.getByText('Sync is off: no orders are read and nothing is sent.').waitFor()
})
