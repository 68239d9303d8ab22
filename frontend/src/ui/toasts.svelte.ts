type Toast = { id: number; text: string; undo?: () => Promise<string> }

const shortly = 6_000
const withUndo = 10_000

/** One message at a time about something that was done. What needs a decision never comes here. */
class Toasts {
  current = $state.raw<Toast>()
  #last: Toast | undefined
  #next = 1
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * Says what was done; undo takes it back and returns the sentence that says so. The returned function puts another
   * text in place while the message is still there, once more is known.
   */
  say(text: string, undo?: () => Promise<string>): (text: string) => void {
    const toast: Toast = undo ? { id: this.#next++, text, undo } : { id: this.#next++, text }
    this.current = toast
    this.#last = toast
    this.resume()
    return (better) => {
      if (this.current?.id === toast.id) this.current = { ...toast, text: better }
    }
  }

  /** The message stays while it is read. */
  pause(): void {
    clearTimeout(this.#timer)
  }

  resume(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.current = undefined), this.current?.undo ? withUndo : shortly)
  }

  close(): void {
    this.current = undefined
  }

  /** Whether the last change can be taken back. */
  get canUndo(): boolean {
    return this.#last?.undo !== undefined
  }

  /** Takes the last change back, also after its message has left. */
  async undo(): Promise<void> {
    const undo = this.#last?.undo
    this.#last = undefined
    this.current = undefined
    if (!undo) return
    try {
      this.say(await undo())
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e))
    }
  }
}

export const toasts = new Toasts()
