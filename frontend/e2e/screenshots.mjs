// Pictures of every screen into docs/screenshots, over the fake business, whose clock stands still: the same page makes the
// same pictures. With ImageMagick installed they are reduced to a palette, which makes them a third of the size.
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { launch } from './browser.mjs'
import { root } from './programs.mjs'

const pages = path.join(root, 'frontend/dist-fake')
const target = path.join(root, 'docs/screenshots')
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const wide = { width: 1280, height: 800 }
const narrow = { width: 960, height: 640 }

const place = (name) => (page) => page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click()
const stores = place('All stores')
const stock = place(/^Stock/)

/** Each shot: its name, the scene it plays in, and the way there. */
const shots = [
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
]
const alsoNarrow = ['welcome', 'today', 'stock', 'product-explained', 'stores', 'rehearsal', 'orders', 'drift', 'practice', 'command-palette', 'shortcuts', 'settings']

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

async function shoot(browser, [name, scene, go], colorScheme, viewport, suffix) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: 'Europe/London', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.clock.setFixedTime(new Date('2026-08-18T10:24:00+01:00'))
  await page.goto(`http://127.0.0.1:${server.address().port}/?scene=${scene}`)
  await page.locator('main, [role=alert]').first().waitFor()
  await go(page)
  await page.waitForTimeout(300) // popovers fade in
  const file = path.join(target, `${name}${suffix}.png`)
  await page.screenshot({ path: file })
  await context.close()
  try {
    execFileSync('convert', [file, '+dither', '-colors', '256', `PNG8:${file}`])
  } catch {
    // Without ImageMagick the picture stays as it is.
  }
  console.log(path.relative(root, file))
}

execFileSync('npx', ['vite', 'build', '--mode', 'fake', '--logLevel', 'error'], { cwd: path.join(root, 'frontend'), stdio: 'inherit' })
await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
const browser = await launch()
try {
  for (const shot of shots) {
    await shoot(browser, shot, 'light', wide, '-light')
    await shoot(browser, shot, 'dark', wide, '-dark')
    if (alsoNarrow.includes(shot[0])) await shoot(browser, shot, 'light', narrow, '-narrow')
  }
} finally {
  await browser.close()
  server.close()
}
