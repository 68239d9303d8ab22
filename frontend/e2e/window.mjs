// The program as it ships, in a window of its own: WebKitGTK under Xvfb, which the inspector drives.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { atEnd, folder, freePort, root } from './programs.mjs'

const program = path.join(root, 'build/bin/evenstock')

/** Opens a window on a folder, on a display and a session bus of its own. */
export async function openWindow(t, dir, env = {}) {
  const address = `127.0.0.1:${await freePort()}`
  const run = await folder(t)
  const child = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x800x24', 'dbus-run-session', '--', 'bash', '-c', 'echo "$$" > "$HOME/pid"; exec "$0" "$@"', program, '--data', dir], {
    detached: true, // a process group of its own, so that the display ends with the window
    env: {
      ...process.env,
      EVENSTOCK_TEST: '1',
      EVENSTOCK_PASSPHRASE: 'a passphrase for tests',
      EVENSTOCK_DATA: '',
      WEBKIT_INSPECTOR_HTTP_SERVER: address,
      LIBGL_ALWAYS_SOFTWARE: '1',
      HOME: run,
      XDG_RUNTIME_DIR: run,
      WAYLAND_DISPLAY: '',
      ...env,
    },
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  child.stdout.on('data', (chunk) => (said += chunk))
  const ended = once(child, 'exit')
  atEnd(t, async () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
    await ended
  })
  const pid = async () => Number(await readFile(path.join(run, 'pid'), 'utf8'))
  return { address, child, ended, ...desktop(pid), pid, said: () => said }
}

const perform = promisify(execFile)

/** What a person does on the display of a program: answers a question of the system beside its window. */
function desktop(pid) {
  const xdo = async (...args) => {
    const environ = (await readFile(`/proc/${await pid()}/environ`, 'utf8')).split('\0')
    const of = (name) => environ.find((e) => e.startsWith(`${name}=`))?.slice(name.length + 1)
    return (await perform('xdotool', args, { env: { ...process.env, DISPLAY: of('DISPLAY'), XAUTHORITY: of('XAUTHORITY') } })).stdout.trim().split('\n')
  }
  /** The windows on the display, the smallest first: a question is smaller than the window it stands before. */
  const windows = async () => {
    const found = []
    for (const id of await xdo('search', '--onlyvisible', '--name', '^Evenstock$')) {
      const lines = await xdo('getwindowgeometry', '--shell', id).catch(() => undefined) // gone by now
      if (!lines) continue
      const size = Object.fromEntries(lines.map((l) => l.split('=')))
      found.push({ id, area: size.WIDTH * size.HEIGHT })
    }
    return found.sort((a, b) => a.area - b.area)
  }
  return {
    /** Presses the key of an answer once a question stands there, and again while it does: one that is just opening hears nothing. */
    answer: async (keys, ms = 20_000) => {
      let asked = false
      for (const end = Date.now() + ms; ; ) {
        const [question, ...behind] = await windows()
        if (asked && behind.length === 0) return
        if (Date.now() > end) throw new Error(asked ? 'the question does not go away' : 'nothing was asked')
        if (behind.length > 0) {
          asked = true
          await xdo('windowfocus', question.id, 'key', keys).catch(() => undefined) // answered and gone
        }
        await new Promise((done) => setTimeout(done, 200))
      }
    },
  }
}
