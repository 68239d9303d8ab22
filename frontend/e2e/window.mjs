// The program as it ships, in a window of its own: WebKitGTK under Xvfb, which the inspector drives.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
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
  return { address, child, ended, pid: async () => Number(await readFile(path.join(run, 'pid'), 'utf8')), said: () => said }
}
