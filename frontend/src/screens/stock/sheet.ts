import { type SheetColumn, type StockRow, api } from '../../api'
import { amount } from '../../format/number'
import { tabbed } from '../../format/sheet'
import type { Column } from '../../grid/columns'
import { toasts } from '../../ui/toasts.svelte'
import { type What, asked } from './matching'

const known: SheetColumn[] = ['sku', 'title', 'variant', 'inStock', 'booked', 'available', 'listings', 'changed']

/** The shown columns that can be written, with their names. A product's title brings its variant along. */
export function writable(columns: Column<StockRow>[]): { id: SheetColumn; head: string }[] {
  return columns.flatMap((c) => {
    const id = known.find((k) => k === c.id)
    if (!id) return []
    const column = { id, head: c.header }
    return id === 'title' ? [column, { id: 'variant' as const, head: 'Variant' }] : [column]
  })
}

/** Puts rows on the clipboard, as a spreadsheet takes them. */
export async function copyRows(rows: StockRow[], columns: Column<StockRow>[]): Promise<void> {
  const write = writable(columns)
  const cells = rows.map((r) => write.map((c) => (c.id === 'changed' ? when(r.changed) : r[c.id])))
  await api.copy(tabbed([write.map((c) => c.head), ...cells]))
  toasts.say(amount(rows.length, ['# row is on the clipboard.', '# rows are on the clipboard.']))
}

function when(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}

/** Writes everything that matches as CSV: to a file that the person chooses, or as a download of the browser. */
export async function exportSheet(what: What, columns: Column<StockRow>[]): Promise<void> {
  const write = writable(columns)
  const name = 'stock.csv'
  const parts: string[] = []
  for (let offset = 0; ; ) {
    const got = await api.stock.sheet({ query: asked(what, offset, 0), columns: write.map((c) => c.id), heads: write.map((c) => c.head), name })
    if (got.text === '') {
      if (got.file) toasts.say(`${amount(got.rows, ['# row', '# rows'])} saved as ${got.file}.`)
      return
    }
    parts.push(got.text)
    offset = got.next
    if (offset > 0) continue
    download(name, parts)
    toasts.say(`${amount(got.rows, ['# row', '# rows'])} saved as ${name}.`)
    return
  }
}

/** The first character is the mark by which spreadsheets know UTF-8. */
function download(name: string, parts: string[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(['\ufeff', ...parts], { type: 'text/csv' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
