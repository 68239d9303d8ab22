// The stock grid over 100,000 products, in Chromium and in the real window: how soon it stands, how soon a search is on the
// screen, whether scrolling ever shows an empty grid, what script is read and what memory the page takes. --window measures the
// window too, --only-window nothing else.
import { execFileSync, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { launch } from './browser.mjs'
import { inspect } from './inspector.mjs'
import { atEnd, program, root, start } from './programs.mjs'
import { openWindow } from './window.mjs'

const products = 100_000
const measureMs = 180_000
const limits = { paint: 300, search: 50, blank: 100, script: 400_000 }

/**
 * Runs in the page, and knows nothing of what surrounds it. Every time ends two frames after the change, when what was
 * changed has been painted.
 */
async function measure() {
  const frame = () =>
    new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error('nothing was painted for 10 s')), 10_000)
      requestAnimationFrame(() => (clearTimeout(late), done(performance.now())))
    })
  const until = async (fits) => {
    for (const end = performance.now() + 30_000; !fits(); ) {
      if (performance.now() > end) throw new Error(`never: ${fits}`)
      await frame()
    }
  }
  const painted = async () => {
    await frame()
    return frame()
  }
  const rest = (ms) => new Promise((done) => setTimeout(done, ms))
  const rows = () => [...document.querySelectorAll('[role=rowgroup] [role=row]')]
  const place = (name) => [...document.querySelectorAll('nav button')].find((b) => b.innerText.trim().startsWith(name))

  await until(() => place('Stock'))
  const up = performance.now()
  place('Stock').click()
  await until(() => rows().some((r) => r.innerText.trim() !== ''))
  const paint = (await painted()) - up
  const script = performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js')).reduce((n, r) => n + r.decodedBodySize, 0)

  const input = document.querySelector('input[aria-label="Find in stock"]')
  const grid = document.querySelector('[role=grid]')
  await rest(1_500) // the other screens have been read by then
  const search = []
  for (const text of ['mug', 'mug-00', 'mug-001', 'jeans', 'jeans-00', 'brd-0099', 'number 77', 'tee', 'tee-005', 'number 12345', 'mug 9', 'brd', '']) {
    const before = grid.getAttribute('aria-rowcount') + (rows()[0]?.dataset.key ?? '')
    const began = performance.now()
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await until(() => grid.getAttribute('aria-rowcount') + (rows()[0]?.dataset.key ?? '') !== before)
    search.push((await frame()) - began)
    await rest(150)
  }

  const view = document.querySelector('[role=rowgroup]')
  const blankNow = () => {
    const { top, bottom } = view.getBoundingClientRect()
    return !rows().some((r) => {
      const at = r.getBoundingClientRect()
      return at.bottom > top && at.top < bottom && r.dataset.key !== undefined
    })
  }
  const frames = []
  let blank = 0
  let longestBlank = 0
  let last = await frame()
  const step = async (to) => {
    view.scrollTop = to
    const now = await frame()
    frames.push(now - last)
    blank = blankNow() ? blank + now - last : 0
    longestBlank = Math.max(longestBlank, blank)
    last = now
  }
  for (let i = 0; i < 150; i++) await step(view.scrollTop + 160) // the wheel, turned fast
  for (let i = 0; i < 40; i++) {
    // The bar, dragged about: every place is another part of the list, and is left after 100 ms.
    const place = ((i * 7919) % 40) * (view.scrollHeight / 40)
    for (const end = performance.now() + 100; performance.now() < end; ) await step(place)
  }
  await rest(200)
  longestBlank = Math.max(longestBlank, blankNow() ? 1e9 : 0)
  frames.sort((a, b) => a - b)
  search.sort((a, b) => a - b)
  const at = (list, part) => list[Math.min(list.length - 1, Math.floor(list.length * part))]
  return { rows: Number(grid.getAttribute('aria-rowcount')) - 1, paint, script, search: at(search, 0.5), searchMost: at(search, 1), frame: at(frames, 0.5), frame95: at(frames, 0.95), blank: longestBlank }
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`
const ms = (n) => `${n.toFixed(0)} ms`

/** The memory of a process that it shares with nobody, and its part of what is shared. */
async function pss(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

/** The processes below one, by the start of their names. */
function below(pid, name) {
  const list = spawnSync('ps', ['-e', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).stdout.trim().split('\n').map((l) => l.trim().split(/\s+/))
  const children = (of) => list.filter((p) => Number(p[1]) === of).flatMap((p) => [p, ...children(Number(p[0]))])
  return children(pid).filter((p) => p[2].startsWith(name)).map((p) => Number(p[0]))
}

function print(where, m, memory) {
  console.log(`${where}: ${m.rows.toLocaleString('en')} products
  first grid paint  ${ms(m.paint)}  (at most ${limits.paint})
  search to pixels  ${ms(m.search)} median, ${ms(m.searchMost)} slowest  (at most ${limits.search})
  scrolling         ${ms(m.frame)} a frame median, ${ms(m.frame95)} at 95 %; longest empty grid ${ms(m.blank)}  (at most ${limits.blank})
  script read       ${m.script === 0 ? 'not told where the program itself hands out the page' : `${(m.script / 1000).toFixed(0)} kB  (at most ${limits.script / 1000})`}
  memory            ${memory}`)
}

/** What is over its limit. A display without a graphics card paints slower than a seller's; it is measured, not judged. */
function over(m) {
  return Object.entries({ paint: m.paint, search: m.search, blank: m.blank, script: m.script }).filter(([name, n]) => n > limits[name]).map(([name]) => name)
}

async function inChromium(t, books) {
  const { match } = await start(t, program, ['--data', books, 'run', '--web', '127.0.0.1:0'], /(http:\/\/127\.0\.0\.1:\d+\/\?token=\w+)/)
  const browser = await launch()
  atEnd(t, () => browser.close())
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(match[1])
  const m = await page.evaluate(`(${measure})()`)
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const renderers = await Promise.all(processInfo.filter((p) => p.type === 'renderer').map((p) => pss(p.id)))
  print('Chromium', m, `page process ${mb(Math.max(...renderers))} PSS`)
  return over(m)
}

async function inWindow(t, books) {
  const opened = await openWindow(t, books)
  const page = await inspect(opened.address)
  atEnd(t, () => page.close())
  const m = JSON.parse(await page.evaluate(`(${measure})().then((m) => JSON.stringify(m))`, measureMs))
  const pid = await opened.pid()
  const web = await Promise.all(below(opened.child.pid, 'WebKitWebProces').map(pss))
  print('WebKitGTK, no graphics card', m, `page process ${mb(Math.max(...web))} PSS, program ${mb(await pss(pid))} PSS`)
}

const ends = []
const t = { name: 'bench', after: (end) => ends.push(end) }
const dir = await mkdtemp(path.join(tmpdir(), 'evenstock-bench-'))
try {
  execFileSync('go', ['run', './backend/bench/fill', path.join(dir, 'books'), String(products)], { cwd: root, stdio: 'inherit' })
  await cp(path.join(dir, 'books'), path.join(dir, 'window'), { recursive: true })
  const alone = process.argv.includes('--only-window')
  const late = alone ? [] : await inChromium(t, path.join(dir, 'books'))
  if (alone || process.argv.includes('--window')) await inWindow(t, path.join(dir, 'window'))
  const busy = loadavg()[0] > availableParallelism() + 1
  if (busy) console.log(`The machine has other work (load ${loadavg()[0].toFixed(1)} on ${availableParallelism()} processors): these times are no measure of the grid, and nothing is judged.`)
  else if (late.length > 0) {
    console.error(`over the limit in Chromium: ${late.join(', ')}`)
    process.exitCode = 1
  }
} finally {
  for (const end of ends.reverse()) await end()
  await rm(dir, { recursive: true, force: true })
}
