// The programs under test: practice shops, and Evenstock with the page for a browser.
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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

async function practice(t, listings) {
  const { match } = await start(t, program, ['practice', '--json', '--listings', String(listings)], /^(\{"stores".*\})$/m)
  return JSON.parse(match[1]).stores
}

/** Practice shops with the vendor's own calls. Each has one listing of its own; tests bring theirs. */
export async function shops(t, listings = 1) {
  return (await practice(t, listings)).map((s) => new Shop(s))
}

/** What connects the practice account on eBay. */
export async function ebay(t, listings = 3) {
  return (await practice(t, listings)).find((s) => s.channel === 'ebay')
}

/** The practice shop on Shopify, which has two locations. */
export async function shopify(t, listings = 6) {
  return new Garden((await practice(t, listings)).find((s) => s.channel === 'shopify'))
}

/** A command on books that nobody else has open. */
export async function command(dir, args, env = {}) {
  await promisify(execFile)(program, ['--data', dir, ...args], { env: { ...process.env, EVENSTOCK_PASSPHRASE: 'a passphrase for tests', ...env } })
}

/** Evenstock on empty books, or with practice stores; its page waits at the address. */
export async function evenstock(t, ...args) {
  return evenstockOn(t, await folder(t), ...args)
}

/** Evenstock on the books of a folder. */
export async function evenstockOn(t, dir, ...args) {
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

/** A shop on Shopify, by Shopify's own calls. */
class Garden {
  constructor({ endpoint, fields }) {
    this.url = endpoint
    this.fields = fields
  }

  async #ask(query, variables) {
    this.token ??= this.#login()
    const answer = await fetch(`${this.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Shopify-Access-Token': await this.token },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = await answer.json()
    const mistakes = Object.values(data ?? {}).flatMap((part) => part?.userErrors ?? [])
    if (errors || mistakes.length > 0) throw new Error(`Shopify says ${JSON.stringify(errors ?? mistakes)}`)
    return data
  }

  async #login() {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: this.fields.clientId, client_secret: this.fields.clientSecret })
    return (await (await fetch(`${this.url}/admin/oauth/access_token`, { method: 'POST', body })).json()).access_token
  }

  /** Something that is counted and has a SKU, and that nobody has ordered. */
  async goods() {
    const { orders, productVariants } = await this.#ask(`{
      orders(first: 15, query: "status:open") { nodes { lineItems(first: 9) { nodes { variant { id } } } } }
      productVariants(first: 6) { nodes { id sku requiresComponents inventoryItem { id tracked } } }
    }`)
    const ordered = orders.nodes.flatMap((o) => o.lineItems.nodes.map((l) => l.variant.id))
    const found = productVariants.nodes.find((v) => v.sku !== '' && v.inventoryItem.tracked && !v.requiresComponents && !ordered.includes(v.id))
    return { sku: found.sku, variant: found.id, item: found.inventoryItem.id }
  }

  /** The number for sale at a location. */
  async at(item, location) {
    const { nodes } = await this.#ask(
      'query($id: ID!, $at: ID!) { nodes(ids: [$id]) { ... on InventoryItem { inventoryLevel(locationId: $at) { quantities(names: ["available"]) { quantity } } } } }',
      { id: item, at: place(location) },
    )
    return nodes[0].inventoryLevel.quantities[0].quantity
  }

  /** Somebody counts by hand at a location. */
  count(item, location, quantity) {
    return this.#ask(
      'mutation($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code message } } }',
      {
        key: randomUUID(),
        input: { name: 'available', reason: 'correction', quantities: [{ inventoryItemId: item, locationId: place(location), quantity, changeFromQuantity: null }] },
      },
    )
  }

  /** A customer buys; the shop serves it from the first location that has enough. */
  async sell(variant, quantity) {
    const { orderCreate } = await this.#ask(
      'mutation($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput) { orderCreate(order: $order, options: $options) { order { id } userErrors { code message } } }',
      { order: { lineItems: [{ variantId: variant, quantity }] }, options: { inventoryBehaviour: 'DECREMENT_OBEYING_POLICY' } },
    )
    return orderCreate.order.id
  }

  /** What is open of an order is sent from a location. */
  async shipFrom(order, location) {
    const parts = 'query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id status assignedLocation { location { id } } } } } }'
    const open = async () => (await this.#ask(parts, { id: order })).order.fulfillmentOrders.nodes.find((n) => n.status === 'OPEN')
    if ((await open()).assignedLocation.location.id !== place(location))
      await this.#ask('mutation($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) { userErrors { message } } }', { id: (await open()).id, to: place(location) })
    await this.#ask('mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { userErrors { message } } }', {
      f: { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId: (await open()).id }] },
    })
  }
}

const place = (location) => `gid://shopify/Location/${location}`
