import { type Item } from './items'

const remembered = 20

/** Whether the palette and the sheet of keys are open, and what was chosen in the palette lately. */
class Palette {
  open = $state(false)
  keys = $state(false)
  recent = $state.raw<Item[]>([])

  /** Remembers an item and does it. What it said at its end, such as a number, is soon old and left out. */
  choose(item: Item): void {
    const { note: _, ...kept } = item
    this.recent = [kept, ...this.recent.filter((r) => r.id !== item.id)].slice(0, remembered)
    this.open = false
    item.run()
  }
}

export const palette = new Palette()
