/** Where a shortcut is listened for. */
export type Place = 'everywhere' | 'grid' | 'stock' | 'product'

type Does = {
  everywhere: 'palette' | 'sheet' | 'undo' | 'find'
  grid: 'down' | 'up' | 'pageDown' | 'pageUp' | 'first' | 'last'
  stock: 'edit' | 'count' | 'type' | 'explain' | 'select' | 'all' | 'clear' | 'copy' | 'extend'
  product: 'back'
}

type Shortcut<P extends Place> = {
  does: Does[P]
  /** What the person reads. */
  text: string
  /** As printed on the keys: each entry is one way, its keys pressed together. */
  shown: string[][]
  keys: string[]
  /** Ctrl, or ⌘ on a Mac. */
  ctrl?: boolean
}

/**
 * Every key that does something, by place. What listens asks {@link shortcutOf} and the sheet lists the same rows, so
 * that no key works without being listed and none is listed that does nothing.
 */
export const shortcuts: { [P in Place]: Shortcut<P>[] } = {
  everywhere: [
    { does: 'palette', text: 'Search or do', shown: [['Ctrl', 'K']], keys: ['k'], ctrl: true },
    { does: 'find', text: 'Search the list on the screen', shown: [['/']], keys: ['/'] },
    { does: 'undo', text: 'Undo the last change', shown: [['Ctrl', 'Z']], keys: ['z'], ctrl: true },
    { does: 'sheet', text: 'These keys', shown: [['?'], ['Ctrl', '/']], keys: ['?'] },
    { does: 'sheet', text: '', shown: [], keys: ['/'], ctrl: true },
  ],
  grid: [
    { does: 'up', text: 'Row above', shown: [['↑']], keys: ['ArrowUp'] },
    { does: 'down', text: 'Row below', shown: [['↓']], keys: ['ArrowDown'] },
    { does: 'pageUp', text: 'Page above', shown: [['Page Up']], keys: ['PageUp'] },
    { does: 'pageDown', text: 'Page below', shown: [['Page Down']], keys: ['PageDown'] },
    { does: 'first', text: 'First row', shown: [['Ctrl', 'Home']], keys: ['Home'], ctrl: true },
    { does: 'last', text: 'Last row', shown: [['Ctrl', 'End']], keys: ['End'], ctrl: true },
  ],
  stock: [
    { does: 'edit', text: 'Change In stock', shown: [['Enter'], ['A']], keys: ['Enter', 'a'] },
    { does: 'count', text: 'Set In stock to a count', shown: [['C']], keys: ['c'] },
    { does: 'type', text: 'Change In stock by typing it', shown: [['+15'], ['−3'], ['=50']], keys: [...'+-=0123456789'] },
    { does: 'explain', text: 'Open the product', shown: [['O'], ['F1'], ['?']], keys: ['o', 'F1', '?'] },
    { does: 'select', text: 'Select the row, or leave it', shown: [['Space']], keys: [' '] },
    { does: 'extend', text: 'Select to the next row', shown: [['Shift', '↓'], ['Shift', '↑']], keys: [] },
    { does: 'all', text: 'Select all that match', shown: [['Ctrl', 'A']], keys: ['a'], ctrl: true },
    { does: 'copy', text: 'Copy for a spreadsheet', shown: [['Ctrl', 'C']], keys: ['c'], ctrl: true },
    { does: 'clear', text: 'Select nothing', shown: [['Esc']], keys: ['Escape'] },
  ],
  product: [{ does: 'back', text: 'Back to the list', shown: [['Esc']], keys: ['Escape'] }],
}

export const placeNames: Record<Place, string> = {
  everywhere: 'Everywhere',
  grid: 'In a list',
  stock: 'On a row of Stock',
  product: 'On a product',
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** What a key does in a place, or undefined. */
export function shortcutOf<P extends Place>(place: P, event: Pressed): Does[P] | undefined {
  if (event.altKey) return undefined
  const ctrl = event.ctrlKey || event.metaKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return shortcuts[place].find((s) => s.keys.includes(key) && (s.ctrl ?? false) === ctrl)?.does
}

/** Whether a key belongs to what is being typed. */
export function typing(event: Event): boolean {
  return event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
}

/** What the Ctrl key is called on this computer. */
export function keyName(key: string, platform: string = navigator.platform): string {
  return key === 'Ctrl' && platform.startsWith('Mac') ? '⌘' : key
}
