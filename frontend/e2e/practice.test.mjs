// The practice stores and the palette in the window's page, in Chromium over the real services.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, reads } from './browser.mjs'
import { evenstock } from './programs.mjs'
import { goto, oneStore } from './steps.mjs'

const everyOneOn = /^(\d+) connected, \1 with inventory sync on$/

test('practice stores: one press opens a world that lives', async (t) => {
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await page.getByRole('button', { name: 'Practice stores' }).click()
  await page.getByText(/^Practice stores\. They are simulated/).waitFor({ timeout: 30_000 })
  await page.getByText(everyOneOn).waitFor({ timeout: 60_000 })
  await goto(page, 'Stock')
  await page.getByRole('row').nth(5).waitFor()
})

test('the palette finds, does and says why not, by keyboard alone; the settings keep their word', async (t) => {
  const { page, shop } = await oneStore(t, [['APPLE', 50, 'Apples']])
  const order = await shop.sell('APPLE', 4)
  const input = page.getByRole('combobox', { name: 'Search or do' })
  const chosen = page.getByRole('option', { selected: true })
  const ask = async (query, first) => {
    await page.keyboard.press('Control+k')
    await input.fill(query)
    await chosen.filter({ hasText: first }).waitFor()
  }

  await ask('>sync inventory', `Sync inventory & orders of ${shop.name}`)
  await page.keyboard.press('Enter')
  await input.waitFor({ state: 'detached' })
  await page.getByRole('status').filter({ hasText: `${shop.name}: ` }).waitFor()
  await ask(`${order}`, `#${order}, ${shop.name}`)
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: new RegExp(`#${order}`) }).waitFor()
  await ask('apple', 'Apples')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Apples', level: 1 }).waitFor()

  await ask('>hard refresh inventory', 'Hard refresh inventory')
  await page.keyboard.press('Enter')
  await input.waitFor({ state: 'detached' })
  await ask('>hard refresh inventory', /Again in [34]:\d\d:\d\d/)
  assert.equal(await chosen.getAttribute('aria-disabled'), 'true')
  await page.keyboard.press('Enter')
  await page.getByText(/A hard refresh is possible once every 4 hours/).waitFor()
  await page.keyboard.press('Escape')
  await input.waitFor({ state: 'detached' })

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await ask('settings', 'Settings')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByText(/^The books add up\. /).waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText(/Backed up and restored as a rehearsal: .*by-hand-.*\.bak/).waitFor()
  await page.getByRole('radio', { name: 'Dark' }).click()
  await page.locator('html[data-theme=dark]').waitFor()
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await page.locator('html[data-theme=dark]').waitFor()
})

test('practice: the apples, each step checked against the real numbers', async (t) => {
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await page.getByRole('button', { name: 'Practice stores' }).click()
  await page.getByText(everyOneOn).waitFor({ timeout: 60_000 })
  await goto(page, 'Practice stores')
  for (const action of ['Put on sale', 'Count 50', 'Order and sync', 'Ship and sync']) {
    await page.getByRole('button', { name: action }).click({ timeout: 60_000 })
  }
  await page.getByText('That is all: one number, the same in every store.').waitFor({ timeout: 60_000 })
  await goto(page, 'Stock')
  await page.getByLabel('Find in stock').fill('APPLES-12')
  await reads(page, 'APPLES-12', 'inStock', '46')
  await reads(page, 'APPLES-12', 'booked', '0')
})
