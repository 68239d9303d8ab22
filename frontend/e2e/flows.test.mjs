// A seller's day in the window's page, in Chromium over the real services and practice shops that speak WooCommerce.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { becomes, cell, open, reads, row } from './browser.mjs'
import { atEnd, evenstock, shops } from './programs.mjs'
import { change, connect, fillForm, goto, turnOn } from './steps.mjs'

/** Books with shops that have the goods; the first is connected and on, its numbers copied. */
async function oneStore(t, goods) {
  const all = await shops(t)
  for (const [sku, quantity, name] of goods) await all[0].offer(sku, quantity, name)
  const app = await evenstock(t)
  const page = await open(t, app.address)
  await connect(page, all[0])
  await turnOn(page, { copy: true })
  return { shop: all[0], shops: all, page, app }
}

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

test('apples: sold, shipped, explained', async (t) => {
  const { page, shop } = await oneStore(t, [['APPLE', 50, 'Apples']])
  const order = await shop.sell('APPLE', 4)
  await page.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await goto(page, 'Stock')
  await reads(page, 'APPLE', 'booked', '4')
  await reads(page, 'APPLE', 'inStock', '50')
  await reads(page, 'APPLE', 'available', '46')

  await row(page, 'APPLE').getByRole('button', { name: 'APPLE', exact: true }).click()
  await page.getByRole('button', { name: /^Available/ }).click()
  const why = page.getByRole('dialog', { name: 'Why 46 are available' })
  await why.getByText(`#${order}, ${shop.name}`).waitFor()
  await why.getByRole('button', { name: 'Copy' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /\+50 .*\n−4 .*\n= 46 Available/)
  await page.keyboard.press('Escape')

  await shop.fulfil(order)
  await goto(page, shop.name)
  await page.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await goto(page, 'Stock')
  await reads(page, 'APPLE', 'inStock', '46')
  await reads(page, 'APPLE', 'booked', '0')
  await reads(page, 'APPLE', 'available', '46')

  await goto(page, 'Orders')
  await page.getByRole('row', { name: new RegExp(`#${order}`) }).click()
  const panel = page.getByRole('complementary', { name: `Order #${order}` })
  await panel.getByText('4 ordered, 4 shipped').waitFor()
})

test('today: all even, what was sold, and what needs a person leads to it', async (t) => {
  const { page, shop } = await oneStore(t, [['APPLE', 50, 'Apples']])
  await goto(page, 'Today')
  await page.getByRole('heading', { name: 'All even.' }).waitFor()
  await page.getByText('Nothing waits for you.').waitFor()
  const sold = page.getByRole('button', { name: /^Sold today/ })
  const before = Number(/\d+/.exec(await sold.innerText())?.[0])

  await shop.sell('APPLE', 4)
  await page.getByRole('button', { name: 'Sync all stores' }).click()
  await page.getByRole('button', { name: new RegExp(`^Sold today ${before + 4} `) }).waitFor()
  await page.getByRole('img', { name: new RegExp(`^Units sold per day for 14 days: .* ${before + 4} units so far today`) }).waitFor()
  await page.getByRole('button', { name: 'Show as table' }).click()
  await page.getByRole('region', { name: 'Units sold' }).getByRole('row').nth(1).getByText(String(before + 4), { exact: true }).waitFor()

  await goto(page, 'Stock')
  await change(page, 'APPLE', '-49')
  await goto(page, 'Today')
  await page.getByRole('heading', { name: '1 thing needs you.' }).waitFor()
  await page.getByRole('button', { name: 'Look: 1 product is oversold' }).click()
  await reads(page, 'APPLE', 'available', '−3')
})

test('quick edit reaches every shop, and undo takes it back', async (t) => {
  const { page, shops: all } = await oneStore(t, [['SOAP', 10, 'Soap']])
  await all[1].offer('SOAP', 3, 'Soap')
  await connect(page, all[1])
  await turnOn(page, { copy: false })
  await becomes('the second shop', 10, () => all[1].shown('SOAP'))

  await goto(page, 'Stock')
  await change(page, 'SOAP', '+15')
  await reads(page, 'SOAP', 'inStock', '25')
  await page.getByText(/In stock of SOAP is now 25\. (Sent to|2 stores will)/).waitFor({ timeout: 12_000 })
  for (const shop of all.slice(0, 2)) await becomes(shop.name, 25, () => shop.shown('SOAP'))

  await change(page, 'SOAP', '-3')
  await reads(page, 'SOAP', 'inStock', '22')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByText('Undone. In stock of SOAP is 25 again.').waitFor()
  await reads(page, 'SOAP', 'inStock', '25')
  for (const shop of all.slice(0, 2)) await becomes(shop.name, 25, () => shop.shown('SOAP'))

  await row(page, 'SOAP').getByRole('button', { name: 'SOAP', exact: true }).click()
  await page.getByRole('tab', { name: /^Online listings/ }).click()
  await page.getByText('This SKU is listed 2 times in 2 stores.').waitFor()
  await page.getByRole('tab', { name: /^History/ }).click()
  await page.getByText('Undone', { exact: true }).first().waitFor()
})

test('setting a number asks where the booked units are', async (t) => {
  const { page, shop } = await oneStore(t, [['MUG', 20]])
  await shop.sell('MUG', 5)
  await page.getByRole('button', { name: 'Sync inventory & orders' }).click()
  await goto(page, 'Stock')
  await reads(page, 'MUG', 'booked', '5')
  await change(page, 'MUG', '=30', async (form) => {
    await form.getByText('5 units of it are booked:').waitFor()
    await form.getByText('Packed and gone').click()
  })
  await reads(page, 'MUG', 'inStock', '35')
  await change(page, 'MUG', '=30')
  await reads(page, 'MUG', 'inStock', '30')
  await reads(page, 'MUG', 'available', '25')
  await becomes('the shop', 25, () => shop.shown('MUG'))
})

test('keys: a first count by keyboard alone, taken back with Ctrl Z', async (t) => {
  const all = await shops(t)
  await all[0].offer('BOWL', 7, 'Bowl')
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, all[0])
  await turnOn(page, { copy: false, push: 'none' })
  await goto(page, 'Stock')
  await reads(page, 'BOWL', 'inStock', '–')
  await page.keyboard.press('/')
  await page.keyboard.type('bowl')
  await page.getByText('1 product shown', { exact: true }).waitFor()
  await reads(page, 'BOWL', 'inStock', '–')
  await page.getByRole('grid', { name: 'Stock' }).focus()
  await page.keyboard.type('12')
  await page.getByRole('dialog', { name: 'First count of BOWL' }).waitFor()
  await page.keyboard.press('Enter')
  await reads(page, 'BOWL', 'inStock', '12')
  await becomes('the shop', 12, () => all[0].shown('BOWL'))
  await page.keyboard.press('Control+z')
  await page.getByText('Undone. BOWL needs a first count again.').waitFor()
  await reads(page, 'BOWL', 'inStock', '–')
})

test('search: as one types, with no match, and back', async (t) => {
  const { page } = await oneStore(t, [['TEE-RED-M', 5, 'Tee, red'], ['TEE-BLU-M', 5, 'Tee, blue'], ['CAP-RED', 5, 'Cap, red']])
  await goto(page, 'Stock')
  await page.getByLabel('Find in stock').fill('red tee')
  await row(page, 'TEE-RED-M').waitFor()
  await row(page, 'CAP-RED').waitFor({ state: 'detached' })
  await page.getByLabel('Find in stock').fill('mgu')
  await page.getByText('No product matches “mgu”.').waitFor()
  await page.getByRole('button', { name: 'Clear' }).last().click()
  await row(page, 'CAP-RED').waitFor()
})

test('what stands in a title never runs', async (t) => {
  const title = '<img src=x onerror="document.title=1"><b>Mug</b>'
  const { page } = await oneStore(t, [['MUG', 5, title]])
  await goto(page, 'Stock')
  const shown = await cell(page, 'MUG', 'title').innerText()
  assert.match(shown, /Mug/)
  assert.equal(await cell(page, 'MUG', 'title').locator('img').count(), 0)
  assert.equal(await page.title(), 'Evenstock')
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

test('a long list keeps few rows in the document and scrolls to its end', async (t) => {
  const all = await shops(t, 600)
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await connect(page, all[0])
  await goto(page, 'Stock')
  await page.getByRole('row').nth(10).waitFor()
  const grid = page.getByRole('grid', { name: 'Stock' })
  await grid.focus()
  await page.keyboard.press('Control+End')
  await page.locator('[aria-selected=true]').waitFor()
  await becomes('the last row', true, async () => {
    const total = Number(await grid.getAttribute('aria-rowcount'))
    return Number(await page.locator('[aria-selected=true]').getAttribute('aria-rowindex')) === total
  })
  assert.ok((await page.getByRole('row').count()) <= 61)
})
