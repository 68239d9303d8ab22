// Chromium with a page that fails its test when anything goes wrong in it.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { atEnd, root } from './programs.mjs'

export function launch() {
  const executablePath = execFileSync(path.join(root, 'tools/chromium.sh'), { encoding: 'utf8' }).trim()
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/** Opens the page. Script errors, console errors and blocked content fail the test when it ends. */
export async function open(t, address, { width = 1280, height = 800 } = {}) {
  const browser = await launch()
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const wrong = []
  page.on('pageerror', (e) => wrong.push(`script: ${e.message}`))
  page.on('console', (m) => m.type() === 'error' && wrong.push(`console: ${m.text()}`))
  atEnd(t, async () => {
    await page.screenshot({ path: path.join(root, 'build/test/e2e', `${t.name.replaceAll(/\W+/g, '-')}.png`) })
    await browser.close()
    if (wrong.length > 0) throw new Error(`the page had problems:\n${wrong.join('\n')}`)
  })
  await page.goto(address)
  return page
}

/** The row of a grid that carries a SKU. */
export const row = (page, sku) => page.locator(`[data-key="${sku}"]`)

/** What stands in a cell of such a row. */
export const cell = (page, sku, column) => row(page, sku).locator(`[data-column="${column}"]`)

/** Waits until a cell reads as it should. */
export async function reads(page, sku, column, text) {
  await cell(page, sku, column).getByText(text, { exact: true }).waitFor()
}

/** Waits until a promise's value is as it should be: shops are told in their own time. */
export async function becomes(what, want, ask, ms = 45_000) {
  for (const end = Date.now() + ms; ; ) {
    const got = await ask()
    if (got === want) return
    if (Date.now() > end) throw new Error(`${what}: wanted ${want}, got ${got}`)
    await new Promise((done) => setTimeout(done, 100))
  }
}
