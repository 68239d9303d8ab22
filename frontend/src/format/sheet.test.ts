import { describe, expect, test } from 'vitest'
import { safeCell, tabbed } from './sheet'

describe('cells of a spreadsheet', () => {
  test.each([
    ['MUG-350', 'MUG-350'],
    ['=HYPERLINK("x")', `'=HYPERLINK("x")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'=1"],
    ['\r=1', "'=1"],
    ['a\tb\nc', 'a b c'],
    ['a=1', 'a=1'],
    ['', ''],
  ])('%j', (text, cell) => expect(safeCell(text)).toBe(cell))
  test('numbers stay numbers, and unset is empty', () => {
    expect(tabbed([['=A', -5, null], ['B', 0, 7]])).toBe("'=A\t-5\t\nB\t0\t7")
  })
})
