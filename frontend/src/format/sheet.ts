/**
 * Text as a cell of a spreadsheet: what it would take for a formula gets an apostrophe before it (reliability.md S17), and
 * what would end the cell becomes a blank.
 */
export function safeCell(text: string): string {
  const plain = text.replaceAll(/[\t\r\n]+/g, ' ').trimEnd()
  return /^[=+\-@]/.test(plain) || /^[\t\r]/.test(text) ? `'${plain.trimStart()}` : plain
}

/** Rows as a spreadsheet takes them from the clipboard. Numbers stay numbers, an unset one is an empty cell. */
export function tabbed(rows: (string | number | null)[][]): string {
  return rows.map((r) => r.map((c) => (typeof c === 'string' ? safeCell(c) : (c ?? ''))).join('\t')).join('\n')
}
