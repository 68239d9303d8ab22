// The page over its fake business: where each screen is, in which scene, and the way there. Pictures and the search for
// barriers walk the same ways.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { inGerman } from './german.mjs'
import { root } from './programs.mjs'

const pages = path.join(root, 'frontend/dist-fake')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }

const place = (name) => (page) => page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click()
const stores = place('All stores')
const stock = place(/^Stock/)

/** Each scene: its name, the scene it plays in, and the way there. */
export const scenes = [
  ['welcome', 'empty', async () => {}],
  ['connect-wrong-key', 'empty', async (page) => {
    await page.getByRole('button', { name: /^Continue with/ }).click()
    await page.getByLabel('Address of the shop').fill('https://shop.example')
    await page.getByLabel('Consumer key').fill('a key that is not one')
    await page.getByLabel('Consumer secret').fill('cs_1234')
    await page.getByRole('button', { name: 'Test and connect' }).click()
    await page.getByRole('alert').waitFor()
  }],
  ['today', 'full', async () => {}],
  ['today-even', 'even', async () => {}],
  ['today-empty', 'fresh', async () => {}],
  ['notices', 'full', async (page) => {
    await page.getByRole('button', { name: /^Notices/ }).click()
    await page.getByRole('dialog', { name: 'Notices' }).waitFor()
  }],
  ['notices-none', 'even', async (page) => {
    await page.getByRole('button', { name: 'Notices' }).click()
    await page.getByText('Nothing has happened').waitFor()
  }],
  ['away', 'full', async (page) => {
    await page.getByRole('button', { name: 'Away…' }).click()
    await page.getByRole('button', { name: 'Show what changes' }).waitFor()
  }],
  ['away-shown', 'full', async (page) => {
    await page.getByRole('button', { name: 'Away…' }).click()
    await page.getByRole('button', { name: 'Show what changes' }).click()
    await page.getByRole('grid').waitFor()
  }],
  ['away-on', 'full', async (page) => {
    await page.getByRole('button', { name: 'Away…' }).click()
    await page.getByRole('button', { name: 'Show what changes' }).click()
    await page.getByRole('button', { name: /^Go away and send/ }).click()
    await page.getByRole('heading', { name: 'Away mode is on' }).waitFor()
    await page.getByRole('checkbox', { name: 'Saturday' }).click()
  }],
  ['stock', 'full', stock],
  ['stock-quick-edit', 'full', async (page) => {
    await stock(page)
    await page.locator('[data-key="MUG-350-CRM"] [data-column=inStock] button').click()
    await page.keyboard.type('+15')
  }],
  ['stock-no-match', 'full', async (page) => {
    await stock(page)
    await page.getByLabel('Find in stock').fill('mgu')
  }],
  ['product-explained', 'full', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'MUG-350-CRM', exact: true }).click()
    await page.getByRole('button', { name: /^Available/ }).click()
  }],
  ['product-history', 'full', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'MUG-350-CRM', exact: true }).click()
    await page.getByRole('tab', { name: /^History/ }).click()
  }],
  ['product-over-time', 'full', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'MUG-350-CRM', exact: true }).click()
    await page.getByRole('tab', { name: 'Over time' }).click()
    await page.locator('.uplot canvas').waitFor()
  }],
  ['product-warehouses', 'places', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'MUG-350-CRM', exact: true }).click()
    await page.getByRole('tab', { name: 'Warehouses' }).click()
    await page.getByText('Depot at the station').first().waitFor()
  }],
  ['product-locations', 'places', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'MUG-350-CRM', exact: true }).click()
    await page.getByText('High Street 12').first().waitFor()
  }],
  ['product-over-time-never', 'full', async (page) => {
    await stock(page)
    await page.getByRole('button', { name: 'CUP-ESP-WHT', exact: true }).click()
    await page.getByRole('tab', { name: 'Over time' }).click()
    await page.getByText('now', { exact: false }).first().waitFor()
  }],
  ['orders', 'full', async (page) => {
    await place('Orders')(page)
    await page.getByRole('row', { name: /#998/ }).click()
  }],
  ['stores', 'full', stores],
  ['store-settings', 'full', async (page) => {
    await place(/Fernhill Main/)(page)
    await page.getByRole('tab', { name: 'Settings' }).click()
  }],
  ['store-held', 'full', async (page) => {
    await stores(page)
    await page.getByRole('button', { name: 'Look at them' }).click()
    await page.getByRole('grid').waitFor()
  }],
  ['rehearsal', 'full', async (page) => {
    await stores(page)
    await page.getByRole('button', { name: 'Turn on…' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Do not copy').click()
    await page.getByRole('button', { name: 'Rehearse' }).click()
    await page.getByRole('grid').waitFor()
  }],
  ['activity', 'full', async (page) => {
    await place('Activity')(page)
    await page.getByRole('option').nth(2).click()
  }],
  ['activity-undo', 'full', async (page) => {
    await place('Activity')(page)
    await page.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Undo this push…' }).click()
    await page.getByRole('button', { name: 'Pause and undo' }).waitFor()
  }],
  ['today-key-ends', 'keys', async () => {}],
  ['store-key-ends', 'keys', place(/Fernhill at Amazon/)],
  ['store-new-key', 'keys', async (page) => {
    await place(/Fernhill at Amazon/)(page)
    await page.getByRole('button', { name: 'Renew' }).click()
    await page.getByRole('button', { name: 'Test and keep' }).scrollIntoViewIfNeeded()
  }],
  ['today-sent', 'full', async (page) => page.getByRole('radio', { name: 'Sent' }).click()],
  ['connect-sign-in', 'empty', async (page) => {
    await page.getByRole('radio', { name: /Etsy/ }).click()
    await page.getByRole('button', { name: /^Continue with/ }).click()
    await page.getByRole('button', { name: 'Sign in with Etsy' }).waitFor()
  }],
  ['connect-paste', 'empty', async (page) => {
    await page.getByRole('radio', { name: /eBay/ }).click()
    await page.getByRole('button', { name: /^Continue with/ }).click()
    await page.getByLabel('App ID').fill('FernhillP-Evenstoc-PRD-0a1b2c3d4')
    await page.getByLabel('Cert ID').fill('PRD-0123456789ab')
    await page.getByRole('button', { name: 'Sign in with eBay' }).click()
    await page.getByLabel('Address of the last page').waitFor()
  }],
  ['health', 'full', place('Catalogue health')],
  ['command-palette', 'full', async (page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search or do' }).fill('mug')
    await page.getByRole('option', { name: /MUG-350-CRM/ }).waitFor()
  }],
  ['commands', 'full', async (page) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search or do' }).fill('>hard refresh')
  }],
  ['shortcuts', 'full', async (page) => page.keyboard.press('?')],
  ['settings', 'full', place('Settings')],
  ['settings-verified', 'full', async (page) => {
    await place('Settings')(page)
    await page.getByRole('switch', { name: 'High contrast' }).click()
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.getByText(/The books add up\. 18/).waitFor()
  }],
  ['drift', 'full', async (page) => {
    await place('Drift')(page)
    await page.getByRole('button', { name: 'Read now' }).click()
    await page.getByRole('grid').waitFor()
  }],
  ['drift-unread', 'full', place('Drift')],
  ['practice', 'empty', async (page) => {
    await page.getByRole('button', { name: 'Practice stores' }).click()
    await place('Practice stores')(page)
    await page.getByRole('radio', { name: /Fernhill Trade/ }).waitFor()
  }],
  ['books-not-opened', 'error', async () => {}],
  ['warehouses', 'places', async (page) => {
    await place('Settings')(page)
    await page.getByRole('heading', { name: 'Warehouses' }).scrollIntoViewIfNeeded()
  }],
  ['store-locations', 'places', async (page) => {
    await place(/Fernhill Garden/)(page)
    await page.getByRole('tab', { name: 'Locations' }).click()
    await page.getByText('High Street 12').waitFor()
  }],
  ['stock-change-many', 'places', async (page) => {
    await stock(page)
    for (const sku of ['CND-PIN-220', 'MUG-350-CRM', 'NAP-LIN-4']) await page.getByLabel(`Select ${sku}`).click()
    await page.getByRole('button', { name: 'Change stock…' }).click()
    await page.getByLabel('Units').fill('12')
  }],
]

/** Every screen where there is nothing yet, and where it cannot be read. */
const screens = { today: place(/^Today/), stock, orders: place('Orders'), stores, drift: place('Drift'), health: place('Catalogue health'), activity: place('Activity'), settings: place('Settings'), store: place(/Fernhill Outlet/) }
export const states = ['fresh', 'fails'].flatMap((scene) => Object.entries(screens).map(([name, go]) => [`${name}-${scene === 'fresh' ? 'nothing' : 'unread'}`, scene, go]))

/** Builds the page with its fake business and serves it on loopback; its address, and how to close it. */
export async function serveFake() {
  execFileSync('npx', ['vite', 'build', '--mode', 'fake', '--logLevel', 'error'], { cwd: path.join(root, 'frontend'), stdio: 'inherit' })
  const server = createServer(async (request, answer) => {
    const name = new URL(request.url, 'http://x').pathname
    const file = path.join(pages, path.normalize(name === '/' ? '/index.html' : name))
    try {
      const text = await readFile(file)
      answer.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream').end(text)
    } catch {
      answer.writeHead(404).end()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

/** Opens a scene in a window of its own, at a time that stands still, and goes to its screen. */
export async function openScene(browser, address, [, scene, go], { colorScheme = 'light', viewport, locale = 'en-GB' }) {
  const context = await browser.newContext({ viewport, colorScheme, locale, timezoneId: 'Europe/London', reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.clock.setFixedTime(new Date('2026-08-18T10:24:00+01:00'))
  await page.goto(`${address}/?scene=${scene}`)
  await page.locator('main, [role=alert]').first().waitFor()
  await go(locale.startsWith('de') ? inGerman(page) : page)
  await page.waitForFunction(() => !document.querySelector('main[aria-busy=true], main [aria-busy=true]'))
  await settled(page)
  return page
}

/** Waits until what was changed is painted and nothing on the page moves any more. */
export async function settled(page) {
  await page.evaluate(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    await painted()
    do await painted()
    while (document.getAnimations().some((a) => a.playState === 'running'))
  })
}

export const wide = { width: 1280, height: 800 }
export const narrow = { width: 960, height: 540 }
export const large = { width: 1920, height: 1080 }
