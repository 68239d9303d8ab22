// The real window: the program as it ships, WebKitGTK under Xvfb, driven through the inspector.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { becomes } from './browser.mjs'
import { hands } from './hands.mjs'
import { became, goods, harmless, image, quoted, script } from './hostile.mjs'
import { inspect } from './inspector.mjs'
import { atEnd, folder, shops } from './programs.mjs'
import { openWindow } from './window.mjs'

const text = (part) => `document.body?.innerText.includes(${JSON.stringify(part)})`
const press = (name) => `[...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith(${JSON.stringify(name)})).click()`

/** Lets the page note what its policy has blocked. */
const watchPolicy = (page) => page.evaluate(`window.blocked = []; document.addEventListener('securitypolicyviolation', (e) => window.blocked.push(e.violatedDirective)); 0`)

/** Connects a shop and turns its inventory sync on with the shop's own numbers; seen is asked in between. */
async function turnedOn(page, shop, seen = async () => {}) {
  const all = await hands(page)
  const { press, type, sees } = all
  await press('Continue with')
  await type('Name', shop.name)
  await type('Shop address', shop.url)
  await type('Consumer key', shop.key)
  await type('Consumer secret', shop.secret)
  await press('Allow an unencrypted address')
  await press('Test and connect')
  await page.until(`document.querySelector('h1')?.innerText === ${JSON.stringify(shop.name)}`)

  await press('Turn on…')
  await press('Continue')
  await press('Copy inventory from')
  await press('Rehearse')
  await sees('Nothing has been written yet')
  await seen()
  await press('Turn on')
  await page.until(`!!document.querySelector('[role=switch][aria-label^="Inventory sync of"]')`)
  return all
}

test('the window opens, practises, finds a product and changes its stock', async (t) => {
  const began = Date.now()
  const dir = await folder(t)
  const window = await openWindow(t, dir)
  const page = await inspect(window.address)
  atEnd(t, () => page.close())
  await page.until(text('even in every shop'))
  t.diagnostic(`first screen after ${Date.now() - began} ms, display and bus included`)
  await watchPolicy(page)

  await page.evaluate(press('Practice stores'))
  await page.until(`/(\\d+) connected, \\1 with inventory sync on/.test(document.body?.innerText)`, 90_000)
  await page.evaluate(press('Stock'))
  await page.until(`document.querySelectorAll('[role=row]').length > 10`)
  await page.evaluate(`(() => { const i = document.querySelector('input[aria-label="Find in stock"]'); i.value = 'apples'; i.dispatchEvent(new Event('input', { bubbles: true })) })()`)
  await page.until(`document.querySelectorAll('[role=rowgroup] [data-key]').length === 1`)
  await page.evaluate(`document.querySelector('[data-column=inStock] button').click()`)
  await page.until(`!!document.querySelector('input[aria-label=Units]')`)
  await page.evaluate(`(() => { const i = document.querySelector('input[aria-label=Units]'); i.value = '=77'; i.dispatchEvent(new Event('input', { bubbles: true })); i.form.requestSubmit() })()`)
  await page.until(text('is now 77.'))
  await page.until(`document.querySelector('[role=gridcell][data-column=inStock]').innerText.trim() === '77'`)

  assert.deepEqual(JSON.parse(await page.evaluate('JSON.stringify(window.blocked)')), [])
  const policy = await page.evaluate(`fetch('/').then((r) => r.headers.get('content-security-policy'))`)
  assert.match(policy ?? '', /default-src 'none'/)
})

test('connect, turn on, quick edit, undo and an order, with goods whose names are hostile', async (t) => {
  const [shop] = await shops(t)
  for (const [sku, name] of goods) await shop.offer(sku, 5, name)
  await shop.offer('TEA', 20, 'Tea')
  const window = await openWindow(t, await folder(t))
  const page = await inspect(window.address)
  atEnd(t, () => page.close())
  await page.until(text('even in every shop'))
  await watchPolicy(page)
  const isText = async () => assert.deepEqual(JSON.parse(await page.evaluate(`JSON.stringify((${became})())`)), harmless)
  const { press, at, type, sees, reads } = await turnedOn(page, shop, isText)

  await press('Stock', 'nav')
  for (const name of [image, script, quoted]) await sees(name)
  await isText()
  await at('[data-key=TEA] [data-column=inStock] button')
  await type('Units', '+5')
  await press('Save')
  await reads('TEA', 'inStock', '25')
  await becomes('the shop', 25, () => shop.shown('TEA'))
  await press('Undo')
  await sees('Undone. In stock of TEA is 20 again.')

  await shop.sell('TEA', 3)
  await shop.sell('IMAGE', 1)
  await press(`WC ${shop.name}`, 'nav')
  await press('Sync inventory & orders')
  await press('Orders', 'nav')
  await sees('TEA')
  await isText()
  await press('Stock', 'nav')
  await reads('TEA', 'booked', '3')
  await reads('TEA', 'available', '17')
  await becomes('the shop', 17, () => shop.shown('TEA')) // the undo and the order in one push
  for (const [sku, name] of goods.slice(0, 4)) {
    await page.until(`(() => { const b = [...document.querySelectorAll('[data-key] button')].find((b) => b.innerText.trim() === ${JSON.stringify(sku)}); b?.click(); return !!b })()`)
    await page.until(`document.querySelector('h1')?.textContent === ${JSON.stringify(name)}`)
    await isText()
    await press('Back')
  }
  assert.deepEqual(JSON.parse(await page.evaluate('JSON.stringify(window.blocked)')), [])
})

test('quitting with away mode offered: asked, shown, sent, and taken back at the next start', async (t) => {
  const [shop] = await shops(t)
  await shop.offer('TEA', 20, 'Tea')
  await shop.offer('CUP', 1, 'Cup')
  const dir = await folder(t)
  const opened = async () => {
    const window = await openWindow(t, dir)
    const page = await inspect(window.address)
    atEnd(t, () => page.close())
    return { window, page }
  }
  const first = await opened()
  await first.page.until(text('even in every shop'))
  const { press, sees } = await turnedOn(first.page, shop)
  await press('Settings', 'nav')
  await press('Set up away mode')
  await press('Offer away mode when I quit')
  await first.page.until(`document.querySelector('[aria-label="Offer away mode when I quit"]')?.getAttribute('aria-checked') === 'true'`)
  await press('Stock', 'nav')

  await first.page.evaluate('setTimeout(() => window.runtime.Quit(), 100); 0') // what the button in the frame does; while it asks, the page may not answer
  await first.window.answer('alt+y')
  await sees('Offer it when I quit')
  await first.page.until(`[...document.querySelectorAll('[role=radio]')].some((r) => r.innerText.trim() === 'While Evenstock is closed' && r.getAttribute('aria-checked') === 'true')`)
  await press('Show what changes')
  await sees('20 available, away: −2')
  await sees('goes to zero')
  assert.equal(await shop.shown('TEA'), 20, 'nothing is sent before it was shown')
  await press('Send 3, then quit').catch(() => undefined) // the shop came with a listing; the program may be gone before it says that it was pressed
  const [code] = await first.window.ended
  assert.equal(code, 0, first.window.said())
  assert.deepEqual([await shop.shown('TEA'), await shop.shown('CUP')], [18, 0])

  const again = await opened()
  await again.page.until(text('Today'))
  await becomes('the shop', 20, () => shop.shown('TEA'))
  await becomes('the shop', 1, () => shop.shown('CUP'))
})

test('in German the program speaks German too', async (t) => {
  const window = await openWindow(t, await folder(t))
  const page = await inspect(window.address)
  atEnd(t, () => page.close())
  await page.until(text('even in every shop'))
  await page.evaluate(`localStorage.setItem('language', 'de'); setTimeout(() => location.reload(), 100); 0`)
  await page.until(text('gleich in jedem Shop'))
  const { press, sees } = await hands(page)
  await press('Weiter mit')
  await sees('Gehen Sie zu WooCommerce, Einstellungen, Erweitert, REST-API und wählen Sie Schlüssel hinzufügen.')
  await sees('Adresse des Shops')
})

test('closing ends the program, its books are closed, and it opens them again', async (t) => {
  const dir = await folder(t)
  for (let round = 0; round < 2; round++) {
    const window = await openWindow(t, dir)
    const page = await inspect(window.address)
    await page.until(text('even in every shop'))
    page.close()
    process.kill(await window.pid(), 'SIGTERM')
    const [code] = await window.ended
    assert.equal(code, 0, window.said())
    assert.doesNotMatch(window.said(), /not closed properly/)
  }
})

test('outside of tests nobody can inspect the window', async (t) => {
  const window = await openWindow(t, await folder(t), { EVENSTOCK_TEST: '' })
  await assert.rejects(inspect(window.address, 6_000), /no page to inspect/)
  assert.equal(window.child.exitCode, null, window.said())
})
