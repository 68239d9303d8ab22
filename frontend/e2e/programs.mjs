// The programs under test: practice shops, and Evenstock with the page for a browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
export const program = path.join(root, 'build/bin/evenstock-cli')
const startMs = 30_000

/** A port of this computer that nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

const endings = new WeakMap()

/** What is opened last is closed first: the page before the program that serves it. */
export function atEnd(t, close) {
  if (!endings.has(t)) {
    endings.set(t, [])
    t.after(async () => {
      for (const last of endings.get(t).reverse()) await last()
    })
  }
  endings.get(t).push(close)
}

/** A folder that is gone when the test has ended. */
export async function folder(t) {
  const dir = await mkdtemp(path.join(tmpdir(), 'evenstock-e2e-'))
  atEnd(t, () => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Starts a program and waits until what it prints fits; the program ends with the test. */
export async function start(t, command, args, fits, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, EVENSTOCK_PASSPHRASE: 'a passphrase for tests', EVENSTOCK_DATA: '', ...env } })
  let said = ''
  const listen = (chunk) => (said += chunk)
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  atEnd(t, () => stop(child))
  for (const end = Date.now() + startMs; ; ) {
    const match = fits.exec(said)
    if (match) return { child, match, said: () => said }
    if (child.exitCode !== null || Date.now() > end) throw new Error(`${path.basename(command)} ${args.join(' ')} did not start:\n${said}`)
    await new Promise((done) => setTimeout(done, 30))
  }
}

export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(late)
}

/** Practice shops with the vendor's own calls. Each has one listing of its own; tests bring theirs. */
export async function shops(t, listings = 1) {
  const { match } = await start(t, program, ['practice', '--json', '--listings', String(listings)], /^(\{"stores".*\})$/m)
  return JSON.parse(match[1]).stores.map((s) => new Shop(s))
}

/** Evenstock on empty books, or with practice stores; its page waits at the address. */
export async function evenstock(t, ...args) {
  const dir = await folder(t)
  const { match, said } = await start(t, program, ['--data', dir, 'run', '--web', '127.0.0.1:0', ...args], /(http:\/\/127\.0\.0\.1:\d+\/\?token=\w+)/)
  return { address: match[1], dir, said }
}

export class Shop {
  constructor({ name, url, fields }) {
    this.name = name
    this.url = url
    this.key = fields.key
    this.secret = fields.secret
  }

  async #ask(method, address, body, headers = {}) {
    const answer = await fetch(this.url + address, { method, headers, body: body && JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** A call of WooCommerce's own. */
  api(method, call, body) {
    const basic = Buffer.from(`${this.key}:${this.secret}`).toString('base64')
    return this.#ask(method, `/wp-json/wc/v3/${call}`, body, {
      'Content-Type': 'application/json',
      'X-Forwarded-Proto': 'https',
      Authorization: `Basic ${basic}`,
    })
  }

  async offer(sku, quantity, name = sku) {
    const stock = quantity === null ? { manage_stock: false } : { manage_stock: true, stock_quantity: quantity }
    return (await this.api('POST', 'products', { name, sku, regular_price: '10', ...stock })).id
  }

  async #find(sku) {
    const found = await this.api('GET', `products?sku=${encodeURIComponent(sku)}`)
    if (!found[0]) throw new Error(`${this.name} has no ${sku}`)
    return found[0]
  }

  /** The number customers see. */
  async shown(sku) {
    return (await this.#find(sku)).stock_quantity
  }

  async sell(sku, quantity) {
    const line = { product_id: (await this.#find(sku)).id, quantity }
    return (await this.api('POST', 'orders', { status: 'processing', line_items: [line] })).id
  }

  /** Somebody edits the number by hand. */
  async count(sku, quantity) {
    return this.api('PUT', `products/${(await this.#find(sku)).id}`, { stock_quantity: quantity })
  }

  fulfil(order) {
    return this.api('PUT', `orders/${order}`, { status: 'completed' })
  }

  fault(fault) {
    return this.#ask('POST', '/practice/fault', fault)
  }
}
