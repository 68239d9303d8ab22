import { describe, expect, test, vi } from 'vitest'
import { RemoteRows } from './rows.svelte'

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

  test('an answer is shown also when the same list was asked for again meanwhile: what changes all the time is not waited for', async () => {
    const { rows, answer } = slow()
    void rows.load()
    void rows.load()
    await answer(0, 'old')
    expect(rows.at(0)).toEqual({ n: 'old' })
    await answer(1, 'new')
    expect(rows.at(0)).toEqual({ n: 'new' })
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

  test('rows of one version stay the same rows when more of them come', async () => {
    const rows = new RemoteRows(async (offset, limit) => ({ ...(await ask([])(offset, limit)), version: 7 }))
    await rows.load()
    const first = rows.at(0)
    rows.show(0, 60)
    await settled()
    expect(rows.at(150)).toEqual({ n: 150 })
    expect(rows.at(0)).toBe(first)
  })
})

/** Rows whose answers are given by hand: the nth question is answered by rows of that name. */
function slow() {
  const waiting: { done: (v: { total: number; rows: { n: string }[] }) => void; fail: (e: Error) => void; limit: number; offset: number }[] = []
  const rows = new RemoteRows((offset, limit) => new Promise<{ total: number; rows: { n: string }[] }>((done, fail) => waiting.push({ done, fail, limit, offset })))
  const answer = async (n: number, name: string, total = 1000) => {
    waiting[n]?.done({ total, rows: Array.from({ length: Math.min(total, waiting[n].limit) }, () => ({ n: name })) })
    await Promise.resolve()
    await Promise.resolve()
  }
  return { rows, answer, fail: (n: number) => waiting[n]?.fail(new Error('gone')), asked: () => waiting.map((w) => `${w.offset}+${w.limit}`) }
}

describe('another list', () => {
  test('is asked for from its top, no more than is in sight; what lies around when nobody types on', async () => {
    vi.useFakeTimers()
    const { rows, answer, asked } = slow()
    void rows.load()
    await answer(0, 'all')
    rows.show(500, 30)
    await answer(1, 'all')
    void rows.other()
    expect([rows.list, rows.at(500)]).toEqual([0, { n: 'all' }])
    await answer(2, 'found')
    rows.show(0, 30)
    expect([rows.list, rows.at(0), rows.at(500)]).toEqual([1, { n: 'found' }, undefined])
    expect(asked()).toEqual(['0+80', '415+200', '0+30'])
    vi.advanceTimersByTime(300)
    expect(asked().slice(3)).toEqual(['0+200'])
    vi.useRealTimers()
  })

  test('rows scrolled to at once are not waited for', async () => {
    const { rows, answer, asked } = slow()
    void rows.other()
    await answer(0, 'found')
    rows.show(30, 30)
    expect(asked()[1]).toBe('0+200')
  })

  test('never shows rows of a search before it, whichever answer comes last', async () => {
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]]) {
      const { rows, answer } = slow()
      void rows.load()
      void rows.other() // "m"
      void rows.load() // something changed
      void rows.other() // "mu"
      const seen: unknown[] = []
      for (const n of order) {
        await answer(n, ['all', 'm', 'm', 'mu'][n] ?? '')
        seen.push(rows.at(0)?.n)
      }
      expect(seen.filter((n) => n !== undefined && n !== 'mu')).toEqual([])
      expect(rows.at(0)).toEqual({ n: 'mu' })
    }
  })

  test('that cannot be had leaves nothing of the one before', async () => {
    const { rows, answer, fail } = slow()
    void rows.load()
    await answer(0, 'all')
    const asking = rows.other()
    fail(1)
    await asking
    expect([rows.total, rows.at(0), rows.list]).toEqual([0, undefined, 1])
    expect(rows.error).toBeInstanceOf(Error)
  })
})
