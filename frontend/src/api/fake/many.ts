import { AppError } from '../error'
import { safeCell } from '../../format/sheet'
import type * as T from '../types'
import { change, stockRows, undo } from './stock'
import type { World } from './world'

export function changeMany(world: World, changes: T.StockChange[]): T.ManyChanged {
  const rows = changes.map((c) => {
    try {
      return { sku: c.sku, seq: change(world, c).seq, refused: '' }
    } catch (e) {
      return { sku: c.sku, seq: 0, refused: e instanceof AppError ? e.message : String(e) }
    }
  })
  world.changed()
  return { rows, notices: [] }
}

export function undoMany(world: World, seqs: number[]): T.ManyUndone {
  for (const seq of seqs.toReversed()) undo(world, seq)
  world.changed()
  return { undone: seqs.length, refused: [] }
}

export function sheet(world: World, q: T.SheetRequest): T.StockSheet {
  const { rows, total } = stockRows(world, { ...q.query, limit: 10_000 })
  const lines = rows.map((r) => q.columns.map((c) => (typeof r[c] === 'string' ? safeCell(r[c]) : (r[c] ?? ''))).join(','))
  return { file: '', text: [q.heads.join(','), ...lines, ''].join('\r\n'), rows: total, next: 0 }
}
