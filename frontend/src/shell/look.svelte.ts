import { api, toAppError } from '../api'
import type { Contrast, Look, Theme } from '../api'
import { chosenLanguage, keepLanguage } from '../locale'
import { toasts } from '../ui/toasts.svelte'

const stored = 'look'
const usual: Look = { theme: 'system', contrast: 'system', language: 'system' }

/** What theme and contrast come to on a computer that asks for dark or for more contrast. */
export function resolved(look: Pick<Look, 'theme' | 'contrast'>, dark: boolean, more: boolean): { theme: 'light' | 'dark'; contrast: 'usual' | 'more' } {
  const theme = look.theme === 'system' ? (dark ? 'dark' : 'light') : look.theme || 'light'
  return { theme, contrast: look.contrast === 'more' || more ? 'more' : 'usual' }
}

/** How the page looks. The books keep it; the page keeps a copy, so that it looks right before they are open. */
class Appearance {
  chosen = $state.raw<Look>(usual)
  #dark = matchMedia('(prefers-color-scheme: dark)')
  #more = matchMedia('(prefers-contrast: more)')

  /** Shows what was chosen last, and follows the system from now on. */
  start(): void {
    const [theme, contrast] = (localStorage.getItem(stored) ?? '').split(' ') as [Theme?, Contrast?]
    this.#show({ theme: theme || 'system', contrast: contrast || 'system', language: chosenLanguage() })
    for (const query of [this.#dark, this.#more]) query.addEventListener('change', () => this.#show(this.chosen))
  }

  /** Takes over what the books know. Books in which nothing was ever chosen change nothing. */
  async load(): Promise<void> {
    try {
      const known = await api.settings.look()
      if (known.theme !== '' && known.contrast !== '') this.#show({ ...known, language: known.language || chosenLanguage() })
      if (known.language && keepLanguage(known.language)) location.reload()
    } catch {
      // The books are not open; the page's own copy holds.
    }
  }

  async choose(change: Partial<Look>): Promise<void> {
    const look = { ...this.chosen, ...change }
    this.#show(look)
    try {
      await api.settings.setLook(look)
      if (change.language && keepLanguage(change.language)) location.reload()
    } catch (e) {
      toasts.say(toAppError(e).message)
    }
  }

  #show(look: Look): void {
    this.chosen = look
    localStorage.setItem(stored, `${look.theme} ${look.contrast}`)
    const { theme, contrast } = resolved(look, this.#dark.matches, this.#more.matches)
    document.documentElement.dataset['theme'] = theme
    document.documentElement.dataset['contrast'] = contrast
  }
}

export const appearance = new Appearance()
