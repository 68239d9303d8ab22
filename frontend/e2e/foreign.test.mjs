// A page of another program on this computer, in the browser that shows Evenstock: it reaches nothing.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { open } from './browser.mjs'
import { atEnd, evenstock } from './programs.mjs'

/** Serves an empty page on a port of its own; the browser counts it as the same site. */
async function neighbour(t) {
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>A neighbour</title>')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(t, () => server.close())
  return `http://127.0.0.1:${server.address().port}/`
}

/** Tries every way a page has to reach another one; runs in the browser. */
async function reach(host) {
  const call = JSON.stringify({ id: 1, name: 'bridge.App.State', args: [] })
  const socket = await new Promise((done) => {
    const s = new WebSocket(`ws://${host}/bridge/socket`)
    s.onopen = () => s.send(call)
    s.onmessage = (m) => done(`answered: ${m.data}`)
    s.onerror = () => done('refused')
  })
  const fetched = (mode, method = 'GET', path = '/bridge/shim.js') =>
    fetch(`http://${host}${path}`, { mode, method, credentials: 'include', body: method === 'GET' ? undefined : call }).then(
      async (r) => (r.type === 'opaque' ? 'opaque' : `read: ${await r.text()}`),
      () => 'refused',
    )
  const loaded = (kind, attributes) =>
    new Promise((done) => {
      const element = Object.assign(document.createElement(kind), attributes)
      element.onload = () => {
        let inside = ''
        try {
          inside = element.contentDocument?.body?.innerText ?? ''
        } catch {
          // It belongs to another origin: nothing can be read.
        }
        done(inside === '' && kind === 'iframe' ? 'empty' : `loaded ${inside}`)
      }
      element.onerror = () => done('refused')
      document.body.append(element)
    })
  return {
    socket,
    read: await fetched('cors'),
    readPage: await fetched('cors', 'GET', '/'),
    post: await fetched('cors', 'POST', '/bridge/socket'),
    script: await loaded('script', { src: `http://${host}/bridge/shim.js` }),
    frame: await loaded('iframe', { src: `http://${host}/` }),
    bindings: 'go' in window,
  }
}

test('a page on another port reaches no binding, with the cookie of the one that may', async (t) => {
  const { address } = await evenstock(t)
  const page = await open(t, address)
  await page.getByText('even in every shop').first().waitFor()
  const { host } = new URL(page.url())

  const own = await page.evaluate(async () => (await window.go.bridge.App.State()).version)
  assert.ok(own, 'the page itself reaches its bindings')

  const foreign = await page.context().newPage()
  for (const where of [await neighbour(t), (await neighbour(t)).replace('127.0.0.1', 'localhost')]) {
    await foreign.goto(where)
    assert.deepEqual(await foreign.evaluate(reach, host), {
      socket: 'refused', read: 'refused', readPage: 'refused', post: 'refused', script: 'refused', frame: 'empty', bindings: false,
    }, where)
  }
})
