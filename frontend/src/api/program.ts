import { language } from '../locale'
import type { Api } from './api'

/** No sentence is longer; a sheet of all products is. */
const longest = 2_000

/**
 * The program's own sentences, in the language of the page. The program writes English and puts values into it; the
 * catalogue of a language knows each sentence with a verb of Go for each value, and says with {1}, {2} where the values go.
 * What it does not know stays as it is: a shop's own words, for instance.
 */
export class Sentences {
  #exact = new Map<string, string>()
  #forms: { fits: RegExp; says: string }[] = []

  constructor(catalogue: Record<string, string>) {
    for (const [english, says] of Object.entries(catalogue)) {
      const parts = english.split(/%[sdqv]/)
      if (parts.length === 1) this.#exact.set(english, says)
      else this.#forms.push({ fits: new RegExp(`^${parts.map(literally).join('([\\s\\S]+?)')}$`), says })
    }
    // Where several fit, the one with the most words of its own is meant.
    this.#forms.sort((a, b) => b.fits.source.length - a.fits.source.length)
  }

  say(text: string): string {
    if (text.length > longest) return text
    const known = this.#exact.get(text)
    if (known !== undefined) return known
    for (const { fits, says } of this.#forms) {
      const found = fits.exec(text)
      if (!found) continue
      return says.replace(/\{(\d)\}/g, (_, n: string) => this.say(found[Number(n)] ?? ''))
    }
    return text
  }
}

/** Where the program's answers have sentences of its own. Elsewhere is what people and shops have written. */
const fields = new Set(['help', 'label', 'lastError', 'message', 'needsText', 'note', 'notice', 'notices', 'question', 'reason', 'refused', 'renew', 'steps', 'text', 'trouble', 'warnings', 'why'])

/** An answer with its sentences translated. */
function translated(answer: unknown, by: Sentences, sentences = false): unknown {
  if (typeof answer === 'string') return sentences ? by.say(answer) : answer
  if (Array.isArray(answer)) return answer.map((a) => translated(a, by, sentences))
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, translated(value, by, fields.has(key))]))
}

type Calls = { [name: string]: Calls | ((...args: never[]) => unknown) }

function through(calls: Calls, by: Sentences): Calls {
  const answered = (call: (...args: never[]) => unknown) => (...args: never[]) => {
    const answer = call(...args)
    return answer instanceof Promise ? answer.then((a) => translated(a, by)) : answer
  }
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, typeof call === 'function' ? answered(call) : through(call, by)]))
}

let spoken: Sentences | undefined

/** The sentence of a failure, which comes by another way than an answer. */
export function sentence(text: string): string {
  return spoken?.say(text) ?? text
}

/** The program with its sentences in the language of the page. */
export async function translate(program: Api): Promise<Api> {
  if (language === 'en') return program
  try {
    const { default: address } = await import('../locales/program.de.json?url')
    const read = await fetch(address)
    spoken = new Sentences((await read.json()) as Record<string, string>)
  } catch {
    return program // English is better than nothing
  }
  return through(program as unknown as Calls, spoken) as unknown as Api
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
