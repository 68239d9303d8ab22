// Pictures of every screen, light and dark, in three sizes, and narrow in German, over the fake business, whose clock stands still: the same page
// makes the same pictures. All of them go into build/screenshots; docs/screenshots keeps those that the texts show and one
// sheet of all for each theme. With ImageMagick installed those are reduced to a palette, a third of the size.
//
//   npm run screenshots -- NAME…   only the scenes whose names begin so, and no sheets
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { launch } from './browser.mjs'
import { root } from './programs.mjs'
import { large, narrow, openScene, scenes, serveFake, settled, states, wide } from './scenes.mjs'

const target = path.join(root, 'build/screenshots')
const kept = path.join(root, 'docs/screenshots')
const sizes = { '': wide, '-large': large, '-narrow': narrow }
const themes = ['light', 'dark']

/** What the texts show. */
const shown = ['stock-quick-edit-light', 'today-light', 'product-explained-light', 'rehearsal-light', 'welcome-light']

/** A picture of a scene in every theme and size. */
async function shoot(browser, address, scene) {
  const page = await openScene(browser, address, scene, { viewport: wide })
  for (const [suffix, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      await settled(page)
      await page.screenshot({ path: path.join(target, `${scene[0]}-${colorScheme}${suffix}.png`) })
    }
  }
  await page.context().close()
  const german = await openScene(browser, address, scene, { viewport: narrow, locale: 'de-DE' })
  await german.screenshot({ path: path.join(target, `${scene[0]}-german.png`) })
  await german.context().close()
  console.log(scene[0])
}

/** All scenes of a theme beside each other, each with its name. */
async function sheet(browser, theme) {
  const pictures = await Promise.all(
    [...scenes, ...states].map(async ([name]) => {
      const data = (await readFile(path.join(target, `${name}-${theme}.png`))).toString('base64')
      return `<figure><img src="data:image/png;base64,${data}"><figcaption>${name}</figcaption></figure>`
    }),
  )
  const page = await browser.newPage({ viewport: { width: 1640, height: 900 }, colorScheme: theme })
  await page.setContent(`<style>:root{color-scheme:light dark}body{margin:16px;display:grid;grid-template-columns:repeat(5,1fr);gap:12px;font:11px sans-serif}
    figure{margin:0}img{width:100%;display:block;border:1px solid gray}</style>${pictures.join('')}`)
  await page.screenshot({ path: path.join(kept, `all-${theme}.jpg`), type: 'jpeg', quality: 60, fullPage: true })
  await page.close()
}

async function keep() {
  for (const old of await readdir(kept)) if (!old.startsWith('tray')) await rm(path.join(kept, old))
  for (const name of shown) {
    const file = path.join(kept, `${name}.png`)
    await copyFile(path.join(target, `${name}.png`), file)
    try {
      execFileSync('convert', [file, '+dither', '-colors', '256', `PNG8:${file}`])
    } catch {
      // Without ImageMagick the picture stays as it is.
    }
  }
}

const names = process.argv.slice(2)
const wanted = [...scenes, ...states].filter(([name]) => names.length === 0 || names.some((n) => name.startsWith(n)))
const fake = await serveFake()
if (names.length === 0) await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
const browser = await launch()
try {
  for (const scene of wanted) await shoot(browser, fake.address, scene)
  if (names.length === 0) {
    await keep()
    for (const theme of themes) await sheet(browser, theme)
  }
} finally {
  await browser.close()
  fake.close()
}
