import { flushSync, mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import DataGrid from './DataGrid.svelte'
import { localRows } from './rows.svelte'

const names = () => [...document.querySelectorAll<HTMLElement>('[data-key]')].map((r) => [r.dataset.key, r.innerText.trim(), r.getAttribute('aria-rowindex')].join(' '))

test('places in the document are used again, and show nothing of the row that stood there before', () => {
  let all = $state(['a', 'b', 'c'])
  const local = localRows(() => all.map((n) => ({ n })))
  const rows = Object.assign(Object.create(local) as typeof local, { list: 0 })
  const props = { label: 'List', rows, columns: [{ id: 'n', header: 'n', width: 50, text: (r: { n: string }) => r.n }], key: (r: { n: string }) => r.n }
  const shown = mount(DataGrid<{ n: string }>, { target: document.body, props })
  flushSync()
  const second = document.querySelectorAll('[role=gridcell]')[1]
  expect(names()).toEqual(['a a 2', 'b b 3', 'c c 4'])
  all = ['z']
  flushSync()
  expect(names()).toEqual(['z z 2'])
  expect(second?.parentElement?.className).toMatch(/(^| )invisible/)
  all = ['x', 'y']
  flushSync()
  expect(names()).toEqual(['x x 2', 'y y 3'])
  expect(document.querySelectorAll('[role=gridcell]')[1]).toBe(second)
  void unmount(shown)
})
