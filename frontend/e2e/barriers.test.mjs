// Barriers: axe looks at every screen by the rules of WCAG 2.2 AA, in light, dark and narrow; and narrow, in both languages, no
// word is cut off, runs out of its place or stands outside of the window.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { launch } from './browser.mjs'
import { cutText } from './cut.mjs'
import { narrow, openScene, scenes, serveFake, settled, states, wide } from './scenes.mjs'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let fake
let browser
before(async () => {
  fake = await serveFake()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  fake?.close()
})

/** What axe finds on the page, in a line each. */
async function findings(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axe })
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), rules)
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}): ${n.target.join(' ')} ${n.any[0]?.message ?? n.all[0]?.message ?? v.help}`))
}

// Two at once: each is one window of the same browser.
describe('barriers', { concurrency: 2 }, () => {
  for (const scene of scenes) {
    test(`axe finds nothing: ${scene[0]}, light, dark and narrow, and nothing runs out of the window`, async () => {
      const page = await openScene(browser, fake.address, scene, { viewport: wide })
      const found = { light: await findings(page) }
      await page.emulateMedia({ colorScheme: 'dark' })
      await settled(page)
      found.dark = await findings(page)
      // Half of 1920 × 1080 is the room that text at 200 % leaves.
      await page.setViewportSize(narrow)
      await settled(page)
      found.narrow = await findings(page)
      found.over = await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))
      found.cut = await cutText(page)
      await page.context().close()
      assert.deepEqual(found, { light: [], dark: [], narrow: [], over: 0, cut: [] })
    })
  }

  for (const scene of [...scenes, ...states]) {
    test(`German words have room: ${scene[0]}`, async () => {
      const page = await openScene(browser, fake.address, scene, { viewport: narrow, locale: 'de-DE' })
      const cut = await cutText(page)
      await page.context().close()
      assert.deepEqual(cut, [])
    })
  }
})
