// The page in German, found by its English words, so that the ways of scenes.mjs are written once.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './programs.mjs'

const marks = /<\/?\d+\/?>/g // where a picture or a stressed part stands in a text
const places = /\{\d+\}/

const catalogue = (name) => readFileSync(path.join(root, 'frontend/src/locales', name), 'utf8')

/** The German of every English text of the page, and of the program that it shows; those with the most words of their own first. */
const ofPage = catalogue('de.po').split('\n\n').flatMap((block) => {
    const text = (key) => (new RegExp(`^${key} (".*"(?:\\n".*")*)$`, 'm').exec(block)?.[1] ?? '').split('\n').map((line) => (line ? JSON.parse(line) : '')).join('').replace(marks, '')
    return text('msgid') && text('msgstr') ? [[text('msgid'), text('msgstr')]] : []
  })
const days = [...Array(7).keys()].map((n) => ['en', 'de'].map((locale) => new Date(2026, 0, n + 4).toLocaleDateString(locale, { weekday: 'long' })))
const ofProgram = Object.entries(JSON.parse(catalogue('program.de.json'))).filter(([english]) => !english.includes('%'))
const words = new Map([...ofProgram, ...days, ...ofPage].sort(([a], [b]) => b.length - a.length))

const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Letters a text has beside its values, so that it is not taken for another one. */
const enough = 4

/** A text that was built from values: its German with the same values, which may be words themselves. */
function filled(text) {
  for (const [english, german] of words) {
    if (!places.test(english)) continue
    const parts = english.split(places)
    if (parts.join('').replace(/[^a-z]/gi, '').length < enough) continue
    const found = new RegExp(`^${parts.map(literally).join('(.+)')}$`).exec(text)
    if (found) return german.replace(/\{(\d+)\}/g, (_, n) => translated(found[Number(n) + 1] ?? ''))
  }
}

/** Where a text begins so: what its German begins with. */
function beginning(text) {
  for (const [english, german] of [...words].reverse()) if (english.startsWith(text)) return german.split(places)[0].trim()
}

/** What a text is called in German; a name stays what it is. */
export function translated(name) {
  if (name instanceof RegExp) {
    const text = name.source.replace(/^\^/, '').replaceAll('\\', '')
    const german = words.get(text) ?? (name.source.startsWith('^') || /\d$/.test(text) ? beginning(text.replace(/ \d+$/, '')) : undefined)
    return german ? new RegExp(literally(german)) : name
  }
  return words.get(name) ?? filled(name) ?? name
}

/** A page, or a part of it, on which English names find what is called so in German. */
export function inGerman(part) {
  return new Proxy(part, {
    get(target, property) {
      const found = Reflect.get(target, property)
      if (typeof found !== 'function') return found
      return (...args) => {
        if (property === 'getByRole' && args[1]?.name) args[1] = { ...args[1], name: translated(args[1].name) }
        if (property === 'getByLabel' || property === 'getByText') args[0] = translated(args[0])
        const answer = found.apply(target, args)
        return typeof answer?.getByRole === 'function' ? inGerman(answer) : answer
      }
    },
  })
}
