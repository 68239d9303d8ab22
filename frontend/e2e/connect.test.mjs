// A seller connects stores in the window's page, in Chromium over the real services and practice shops that speak WooCommerce.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { becomes, open, reads } from './browser.mjs'
import { atEnd, command, ebay, evenstock, evenstockOn, folder, shops } from './programs.mjs'
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

test('eBay: a new login by the address that is pasted, with its code decoded once', async (t) => {
  const { endpoint, fields } = await ebay(t)
  const dir = await folder(t)
  const given = ['--field', `clientId=${fields.clientId}`, '--field', `ruName=${fields.ruName}`]
  await command(dir, ['store', 'add', 'ebay', '--name', 'Market', '--endpoint', endpoint, '--secrets', 'file', ...given], {
    EVENSTOCK_SECRET_CLIENTSECRET: fields.clientSecret,
    EVENSTOCK_SECRET_REFRESHTOKEN: fields.refreshToken,
  })
  const { address } = await evenstockOn(t, dir)
  const page = await open(t, address)
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: /Market/ }).click()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Enter new keys' }).click()
  const login = page.getByRole('region', { name: 'Sign in' })
  const pasted = login.getByLabel('Address of the last page')
  const goOn = login.getByRole('button', { name: 'Continue' })
  const signIn = async () => {
    await page.getByRole('button', { name: 'Sign in with eBay' }).click()
    await pasted.waitFor()
    assert.equal(await goOn.getAttribute('title'), 'Paste the address first.')
  }
  const bring = async (lastPage) => {
    await pasted.fill(lastPage)
    await goOn.click()
    await login.waitFor({ state: 'detached' })
  }
  await signIn()
  await bring('https://auth.ebay.com/oauth2/ThirdPartyAuthSucessFailure?code=of+another&state=login')
  await page.getByText('The address is not of the login that Evenstock began.').first().waitFor()

  // The seller's browser: it is sent from eBay's login to eBay's last page.
  await signIn()
  await page.evaluate(() => (window.open = (to) => ((window.shown = String(to)), null)))
  await login.getByRole('button', { name: 'Open it again' }).click()
  const shown = await page.waitForFunction(() => window.shown)
  const last = (await fetch(await shown.jsonValue(), { redirect: 'manual' })).headers.get('location')
  const code = new URL(last).searchParams.get('code')
  assert.match(code, /[#+^]/, 'a code that an address encodes')
  assert.notEqual(decodeURIComponent(code), code, 'a code that is another one when it is decoded twice')
  await bring(last)
  await page.getByText('The new keys work and are kept.').waitFor()
  await page.getByRole('button', { name: 'Test this connection' }).click()
  await page.getByText(/the keys work/).waitFor()
})

/** However many practice stores there are, sync is on for all of them. */
