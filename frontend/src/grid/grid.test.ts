import { describe, expect, test } from 'vitest'
import { nextSort } from './columns'
import { inSight, rowHeight } from './insight'
import { moved } from './keys'
import { RemoteRows } from './rows.svelte'

describe('the rows in sight', () => {
  test.each([
    ['at the top', 0, 635, 10_000],
    ['in the middle', 160_000, 635, 10_000],
    ['at the end', 10_000 * rowHeight - 635, 635, 10_000],
    ['half a row', 16, 635, 10_000],
    ['a short list', 0, 635, 3],
    ['a tall window', 320, 2160, 10_000],
  ])('%s are all drawn', (_, top, height, total) => {
    const { first, count } = inSight(top, height, total)
    expect(first).toBeGreaterThanOrEqual(0)
    expect(first).toBeLessThanOrEqual(Math.floor(top / rowHeight))
    expect(first + count).toBeGreaterThanOrEqual(Math.min(total, Math.ceil((top + height) / rowHeight)))
    expect(first + count).toBeLessThanOrEqual(total)
  })
  test('no more than 60 of them, whatever there is', () => {
    for (let height = 0; height < 1850; height += 7) expect(inSight(5000, height, 100_000).count).toBeLessThanOrEqual(60)
  })
  test('an empty list, and one that became shorter', () => {
    expect(inSight(0, 600, 0)).toEqual({ first: 0, count: 0 })
    expect(inSight(90_000, 600, 5)).toEqual({ first: 4, count: 1 })
  })
})

test('keys move the current row and stop at the ends', () => {
  expect([moved('ArrowDown', false, 3, 10, 5), moved('ArrowUp', false, 0, 10, 5), moved('PageDown', false, 7, 10, 5)]).toEqual([4, 0, 9])
  expect([moved('Home', true, 7, 10, 5), moved('End', true, 0, 10, 5), moved('End', false, 0, 10, 5)]).toEqual([0, 9, undefined])
  expect([moved('x', false, 0, 10, 5), moved('ArrowDown', false, -1, 0, 5)]).toEqual([undefined, undefined])
})

test('a header sorts up, then down', () => {
  const up = nextSort({ by: 'sku', descending: false }, 'title')
  expect([up, nextSort(up, 'title')]).toEqual([{ by: 'title', descending: false }, { by: 'title', descending: true }])
})

describe('rows from far away', () => {
  const total = 1000
  const ask = (asked: string[]) => (offset: number, limit: number) => {
    asked.push(`${offset}+${limit}`)
    const rows = Array.from({ length: Math.min(limit, total - offset) }, (_, i) => ({ n: offset + i }))
    return Promise.resolve({ total, rows })
  }

  const settled = () => new Promise((done) => setTimeout(done))

  test('a first answer is small; before what is here ends, more is asked for', async () => {
    const asked: string[] = []
    const rows = new RemoteRows(ask(asked))
    await rows.load()
    rows.show(0, 40)
    expect(asked).toEqual(['0+80'])
    rows.show(10, 40)
    expect(rows.at(49)).toEqual({ n: 49 })
    await settled()
    expect(asked).toEqual(['0+80', '0+200'])
    rows.show(100, 40)
    await settled()
    expect(asked).toHaveLength(2)
    rows.show(400, 40)
    await settled()
    expect(asked.slice(2)).toEqual(['320+200'])
    expect(rows.at(400)).toEqual({ n: 400 })
    expect(rows.find((r) => r.n === 410)).toBe(410)
  })

  test('at its end a list asks for nothing beyond', async () => {
    const asked: string[] = []
    const rows = new RemoteRows(ask(asked))
    await rows.load()
    rows.show(960, 40)
    await settled()
    rows.show(955, 40)
    await settled()
    expect(asked).toEqual(['0+80', '880+200'])
    expect(rows.at(total - 1)).toEqual({ n: total - 1 })
  })

  test('an answer that was overtaken is dropped', async () => {
    const answers: ((v: { total: number; rows: { n: number }[] }) => void)[] = []
    const rows = new RemoteRows(() => new Promise<{ total: number; rows: { n: number }[] }>((done) => answers.push(done)))
    const [first, second] = [rows.load(), rows.load()]
    answers[1]?.({ total: 1, rows: [{ n: 2 }] })
    answers[0]?.({ total: 1, rows: [{ n: 1 }] })
    await Promise.all([first, second])
    expect(rows.at(0)).toEqual({ n: 2 })
  })

  test('after a failure the old rows stay', async () => {
    let fail = false
    const rows = new RemoteRows(() => (fail ? Promise.reject(new Error('gone')) : Promise.resolve({ total: 1, rows: [{ n: 1 }] })))
    await rows.load()
    fail = true
    await rows.load()
    expect(rows.at(0)).toEqual({ n: 1 })
    expect(rows.error).toBeInstanceOf(Error)
  })
})
