// Gives a plain browser the window.go and window.runtime that Wails gives the window: calls and events over a WebSocket.
(() => {
  'use strict'
  const methods = __METHODS__
  const topics = __TOPICS__
  const waiting = new Map() // call id → { resolve, reject }
  const handlers = new Map() // event → set of { callback, left }
  let socket // while it is open
  let queue = [] // calls made before it is
  let lastID = 0
  let delay = 250 // ms until the next attempt to connect
  let seen = false // it was open before

  const lost = () =>
    new Error(JSON.stringify({ code: 'unreachable', message: 'The connection to Evenstock is gone. Start it again if it was closed.' }))

  function dispatch(event, data) {
    for (const handler of [...(handlers.get(event) ?? [])]) {
      if (handler.left > 0 && --handler.left === 0) handlers.get(event)?.delete(handler)
      handler.callback(...data)
    }
  }

  function receive(message) {
    if (message.event) return dispatch(message.event, message.data ?? [])
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (!call) return
    if ('error' in message) call.reject(new Error(message.error))
    else call.resolve(message.result ?? null)
  }

  function connect() {
    const s = new WebSocket(`ws://${location.host}/bridge/socket`)
    s.onopen = () => {
      socket = s
      delay = 250
      for (const text of queue.splice(0)) s.send(text)
      if (seen) dispatch('changed', [topics]) // whatever changed meanwhile
      seen = true
    }
    s.onmessage = (m) => receive(JSON.parse(m.data))
    s.onclose = () => {
      socket = undefined
      queue = []
      const calls = [...waiting.values()]
      waiting.clear()
      for (const call of calls) call.reject(lost())
      setTimeout(connect, delay)
      delay = Math.min(delay * 2, 5000)
    }
  }

  function call(name, args) {
    return new Promise((resolve, reject) => {
      const id = ++lastID
      waiting.set(id, { resolve, reject })
      const text = JSON.stringify({ id, name, args })
      if (socket) socket.send(text)
      else queue.push(text)
    })
  }

  window.go = {}
  for (const [pkg, services] of Object.entries(methods)) {
    window.go[pkg] = {}
    for (const [service, names] of Object.entries(services)) {
      window.go[pkg][service] = {}
      for (const name of names) {
        window.go[pkg][service][name] = (...args) => call(`${pkg}.${service}.${name}`, args)
      }
    }
  }

  function listen(event, callback, left) {
    const handler = { callback, left }
    if (!handlers.has(event)) handlers.set(event, new Set())
    handlers.get(event).add(handler)
    return () => handlers.get(event)?.delete(handler)
  }

  const runtime = {
    EventsOnMultiple: listen,
    EventsOn: (event, callback) => listen(event, callback, -1),
    EventsOnce: (event, callback) => listen(event, callback, 1),
    EventsOff: (...events) => events.forEach((event) => handlers.delete(event)),
    EventsOffAll: () => handlers.clear(),
    EventsEmit: () => {}, // nothing in Go listens
    BrowserOpenURL: (url) => {
      if (/^https?:/.test(url)) window.open(url, '_blank', 'noopener,noreferrer')
    },
    Environment: () => Promise.resolve({ buildType: 'production', platform: 'web', arch: '' }),
  }
  // Functions that concern the window have nothing to do in a browser.
  window.runtime = new Proxy(runtime, { get: (known, name) => known[name] ?? (() => Promise.resolve(null)) })

  connect()
})()
