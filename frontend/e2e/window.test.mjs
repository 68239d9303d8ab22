// The real window: the program as it ships, WebKitGTK under Xvfb, driven through the inspector.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from './inspector.mjs'
import { atEnd, folder } from './programs.mjs'
import { openWindow } from './window.mjs'

const text = (part) => `document.body?.innerText.includes(${JSON.stringify(part)})`
const press = (name) => `[...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith(${JSON.stringify(name)})).click()`

test('the window opens, practises, finds a product and changes its stock', async (t) => {
  const began = Date.now()
  const dir = await folder(t)
  const window = await openWindow(t, dir)
  const page = await inspect(window.address)
  atEnd(t, () => page.close())
  await page.until(text('even in every shop'))
  t.diagnostic(`first screen after ${Date.now() - began} ms, display and bus included`)
  await page.evaluate(`window.blocked = []; document.addEventListener('securitypolicyviolation', (e) => window.blocked.push(e.violatedDirective)); 0`)

  await page.evaluate(press('Practice stores'))
  await page.until(`/(\\d+) connected, \\1 with inventory sync on/.test(document.body?.innerText)`, 90_000)
  await page.evaluate(press('Stock'))
  await page.until(`document.querySelectorAll('[role=row]').length > 10`)
  await page.evaluate(`(() => { const i = document.querySelector('input[aria-label="Find in stock"]'); i.value = 'apples'; i.dispatchEvent(new Event('input', { bubbles: true })) })()`)
  await page.until(`document.querySelectorAll('[role=rowgroup] [role=row]').length === 1`)
  await page.evaluate(`document.querySelector('[data-column=inStock] button').click()`)
  await page.until(`!!document.querySelector('input[aria-label=Units]')`)
  await page.evaluate(`(() => { const i = document.querySelector('input[aria-label=Units]'); i.value = '=77'; i.dispatchEvent(new Event('input', { bubbles: true })); i.form.requestSubmit() })()`)
  await page.until(text('is now 77.'))
  await page.until(`document.querySelector('[role=gridcell][data-column=inStock]').innerText.trim() === '77'`)

  assert.deepEqual(JSON.parse(await page.evaluate('JSON.stringify(window.blocked)')), [])
  const policy = await page.evaluate(`fetch('/').then((r) => r.headers.get('content-security-policy'))`)
  assert.match(policy ?? '', /default-src 'none'/)
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
