// Pictures of every screen into docs/screenshots, over the fake business, whose clock stands still: the same page makes the
// same pictures. With ImageMagick installed they are reduced to a palette, which makes them a third of the size.
import { execFileSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { launch } from './browser.mjs'
import { root } from './programs.mjs'
import { narrow, openScene, scenes, serveFake, wide } from './scenes.mjs'

const target = path.join(root, 'docs/screenshots')
const alsoNarrow = ['welcome', 'today', 'notices', 'away', 'away-shown', 'stock', 'product-explained', 'stores', 'rehearsal', 'orders', 'drift', 'practice', 'command-palette', 'shortcuts', 'settings']


async function shoot(browser, address, scene, colorScheme, viewport, suffix) {
  const page = await openScene(browser, address, scene, { colorScheme, viewport })
  const file = path.join(target, `${scene[0]}${suffix}.png`)
  await page.screenshot({ path: file })
  await page.context().close()
  try {
    execFileSync('convert', [file, '+dither', '-colors', '256', `PNG8:${file}`])
  } catch {
    // Without ImageMagick the picture stays as it is.
  }
  console.log(path.relative(root, file))
}

const fake = await serveFake()
await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
const browser = await launch()
try {
  for (const scene of scenes) {
    await shoot(browser, fake.address, scene, 'light', wide, '-light')
    await shoot(browser, fake.address, scene, 'dark', wide, '-dark')
    if (alsoNarrow.includes(scene[0])) await shoot(browser, fake.address, scene, 'light', narrow, '-narrow')
  }
} finally {
  await browser.close()
  fake.close()
}
