// A seller connects stores in the window's page, in Chromium over the real services and practice shops that speak WooCommerce.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { becomes, open, reads } from './browser.mjs'
import { atEnd, evenstock, shops } from './programs.mjs'
import { connect, fillForm, goto, oneStore } from './steps.mjs'

test('first start: what is wrong stands at its field, then the store is connected', async (t) => {
  const [shop] = await shops(t)
  await shop.offer('APPLE', 50, 'Apples')
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await page.getByRole('heading', { name: /One number/ }).waitFor()
  await page.getByRole('button', { name: 'Practice stores' }).waitFor()
  await page.getByRole('button', { name: 'Continue with WooCommerce' }).click()

  const stranger = createServer((_, answer) => answer.end('<html>a homepage</html>')).listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  atEnd(t, () => stranger.close())
  const wrong = [
    [{ ...shop, url: `http://127.0.0.1:${stranger.address().port}`, key: shop.key, secret: shop.secret }, /no WordPress shop/],
    [{ ...shop, url: shop.url, key: 'ck_0123456789012345678901234567890123456789', secret: shop.secret }, /key/],
    [{ ...shop, url: shop.url, key: shop.key, secret: shop.secret, allowHttp: false }, /encrypt/],
  ]
  for (const [form, sentence] of wrong) {
    await fillForm(page, form)
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor()
  }
  await fillForm(page, { name: 'My shop', url: shop.url, key: shop.key, secret: shop.secret })
  await page.getByRole('heading', { name: 'My shop', level: 1 }).waitFor()

  await page.getByText('Sync is off: no orders are read and nothing is sent.').waitFor()
  const sync = page.getByRole('button', { name: 'Sync inventory & orders' })
  assert.equal(await sync.getAttribute('aria-disabled'), 'true')
  assert.match((await sync.getAttribute('title')) ?? '', /Inventory sync is off for My shop/)

  await goto(page, 'Stock')
  await reads(page, 'APPLE', 'inStock', '–')
  await page.getByText('needs a first count').first().waitFor()
})

test('the same store twice is refused and named', async (t) => {
  const { page, shop } = await oneStore(t, [['APPLE', 50]])
  await goto(page, 'All stores')
  await page.getByRole('button', { name: 'Connect a store' }).last().click()
  await page.getByRole('button', { name: /^Continue with/ }).click()
  await fillForm(page, { name: 'Again', url: shop.url, key: shop.key, secret: shop.secret })
  await page.getByText(new RegExp(shop.name)).first().waitFor()
})

test('rehearsal: a row that goes to zero starts unticked and stays as it is', async (t) => {
  const { page, shops: all } = await oneStore(t, [['EMPTY', 0], ['FULL', 40]])
  await all[1].offer('EMPTY', 6)
  await all[1].offer('FULL', 90)
  await connect(page, all[1])
  await page.getByRole('button', { name: 'Turn on…' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Do not copy').click()
  await page.getByRole('button', { name: 'Rehearse' }).click()
  const grid = page.getByRole('grid', { name: 'Rehearsal' })
  await grid.getByText('Goes to zero').waitFor()
  await grid.getByText('Falls by more than half').waitFor()
  assert.equal(await page.getByRole('checkbox', { name: 'Send EMPTY' }).isChecked(), false)
  assert.equal(await page.getByRole('checkbox', { name: 'Send FULL' }).isChecked(), true)
  await page.getByRole('button', { name: 'Turn on and send 2' }).click()
  await becomes('FULL', 40, () => all[1].shown('FULL'))
  assert.equal(await all[1].shown('EMPTY'), 6)
})

test('off and on again, settings, and removal', async (t) => {
  const { page, shop } = await oneStore(t, [['PEN', 9]])
  await page.getByRole('switch', { name: /^Inventory sync of/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn sync off' }).click()
  await page.getByText('Sync is off: no orders are read and nothing is sent.').waitFor()

  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByLabel('Name').fill('Corner shop')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('heading', { name: 'Corner shop', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Test this connection' }).click()
  await page.getByText(/the keys work/).waitFor()

  await page.getByRole('button', { name: 'Remove…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Remove Corner shop?' })
  assert.equal(await dialog.getByRole('radio', { name: /Keep them booked/ }).isChecked(), true)
  await dialog.getByRole('button', { name: 'Remove the store' }).click()
  await page.getByRole('heading', { name: /One number/ }).waitFor()
  assert.equal(await shop.shown('PEN'), 9)
})

/** However many practice stores there are, sync is on for all of them. */
