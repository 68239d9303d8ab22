import { sentenceOf } from './codes'

/** AppError is every failure a call reports: a code for the page and a sentence for the person in front of it. */
export class AppError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly store = '',
    readonly retryAt: number | null = null,
  ) {
    super(message)
  }
}

/** Go's errors cross the border as JSON text, because an object would arrive as "[object Object]". */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  try {
    const e: unknown = JSON.parse(text)
    if (isWire(e)) return new AppError(e.code, sentenceOf(e.code, e.message, e.store ?? ''), e.store, e.retryAt ?? null)
  } catch {
    // Not one of ours: the page was called wrongly, or the program is ending.
  }
  return new AppError('internal', text || 'Evenstock could not do this and does not know why.')
}

type Wire = { code: string; message: string; store?: string; retryAt?: number | null }

function isWire(e: unknown): e is Wire {
  return typeof e === 'object' && e !== null && 'code' in e && 'message' in e
}
