// A small client of WebKit's remote inspector: it drives the page inside the real window.
import WebSocket from 'ws'

const answerMs = 30_000

/** Connects to the first page that the inspector at host:port offers. */
export async function inspect(address, timeoutMs = 30_000) {
  const socket = new WebSocket(`ws://${address}${await pagePath(address, Date.now() + timeoutMs)}`)
  const waiting = new Map()
  const page = withResolvers()
  let last = 0
  socket.on('message', (raw) => {
    const message = JSON.parse(raw)
    if (message.method === 'Target.targetCreated' && message.params.targetInfo.type === 'page') page.resolve(message.params.targetInfo.targetId)
    if (message.method !== 'Target.dispatchMessageFromTarget') return
    const inner = JSON.parse(message.params.message)
    waiting.get(inner.id)?.(inner)
    waiting.delete(inner.id)
  })
  socket.on('close', () => {
    for (const end of waiting.values()) end(undefined)
    waiting.clear()
  })
  await new Promise((open, fail) => socket.on('open', open).on('error', fail))
  const targetId = await page.promise

  /** A page that is gone, or whose thread is busy for ever, answers nothing: that is said, not waited for. */
  const send = (method, params, ms = answerMs) =>
    new Promise((answer, fail) => {
      const id = ++last
      const late = setTimeout(() => {
        waiting.delete(id)
        fail(new Error(`the page did not answer ${method} within ${ms / 1000} s`))
      }, ms)
      waiting.set(id, (inner) => (clearTimeout(late), inner ? answer(inner) : fail(new Error(`the page was gone before it answered ${method}`))))
      const message = JSON.stringify({ id, method, params })
      socket.send(JSON.stringify({ id: 1_000_000 + id, method: 'Target.sendMessageToTarget', params: { targetId, message } }))
    })

  /** The value of an expression in the page; a promise is awaited, for so long. */
  const evaluate = async (expression, ms) => {
    const first = checked(await send('Runtime.evaluate', { expression, objectGroup: 'e2e' }))
    if (first.result.className !== 'Promise') return first.result.value
    return checked(await send('Runtime.awaitPromise', { promiseObjectId: first.result.objectId, returnByValue: true }, ms)).result.value
  }

  /** Waits until an expression is true. */
  const until = async (expression, ms = 20_000) => {
    for (const end = Date.now() + ms; ; ) {
      if (await evaluate(expression)) return
      if (Date.now() > end) throw new Error(`still not true: ${expression}\nthe page reads: ${await evaluate('document.body?.innerText')}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  // A window shows an empty page before its own: what is begun there ends with it, without a word.
  await until(`location.href !== 'about:blank' && document.readyState === 'complete'`, timeoutMs)
  return { evaluate, until, close: () => socket.close() }
}

async function pagePath(address, end) {
  for (;;) {
    try {
      const found = /\/socket\/\d+\/\d+\/WebPage/.exec(await (await fetch(`http://${address}/`)).text())
      if (found) return found[0]
    } catch {
      // The window is not open yet.
    }
    if (Date.now() > end) throw new Error('the window offers no page to inspect')
    await new Promise((done) => setTimeout(done, 100))
  }
}

function checked(answer) {
  if (answer.error) throw new Error(answer.error.message)
  if (answer.result.wasThrown) throw new Error(answer.result.result.description ?? String(answer.result.result.value))
  return answer.result
}

function withResolvers() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}
