// A seller counts, sells and looks things up in the window's page, in Chromium over the real services and practice shops that speak WooCommerce.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes, cell, open, reads, row } from './browser.mjs'
import { evenstock, shops } from './programs.mjs'
import { change, connect, goto, oneStore, turnOn } from './steps.mjs'

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

test('search: typed fast while numbers change and are sent, no row of a search before comes back', async (t) => {
  const skus = Array.from({ length: 30 }, (_, i) => `THING-${100 + i}`)
  const last = skus.length - 1
  const { page, shop } = await oneStore(t, skus.map((sku) => [sku, 5, `Thing ${sku}`]))
  await goto(page, 'Stock')
  await row(page, skus[0]).waitFor()
  const { seen, changed } = await page.evaluate(async (skus) => {
    const rest = (ms) => new Promise((done) => setTimeout(done, ms))
    const input = document.querySelector('input[aria-label="Find in stock"]')
    const seen = []
    const look = () => {
      const keys = [...document.querySelectorAll('[data-key]')].map((r) => r.dataset.key)
      const at = keys.length === 1 ? skus.indexOf(keys[0]) : -1
      if (at !== seen.at(-1)) seen.push(at)
    }
    const observer = new MutationObserver(look)
    observer.observe(document.querySelector('[role=grid]'), { subtree: true, childList: true, attributes: true })
    let typing = true
    let changed = 0
    const changing = (async () => {
      for (; typing; changed++) {
        const key = String(changed).padStart(26, '0')
        await window.go.bridge.Stock.Change({ sku: skus.at(-1), op: 'add', quantity: 1, packed: false, reason: '', note: '', warehouse: '', key })
      }
    })()
    for (const sku of skus) {
      input.value = sku
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await rest(30)
    }
    typing = false
    await changing
    await rest(1_000)
    observer.disconnect()
    return { seen, changed }
  }, skus)
  t.diagnostic(`${changed} changes, ${seen.length} lists shown for ${skus.length} searches`)
  assert.ok(changed > 5)
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b))
  assert.equal(seen.at(-1), last)
  await becomes('the number in the shop', 5 + changed, () => shop.shown(skus[last]))
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
