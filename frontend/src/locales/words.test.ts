import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const bin = 'node_modules/.bin/wuchale'
const advice = 'Run `npm run words` in frontend/ and write what is missing in src/locales/*.po.'

const patience = 60_000 // ms: it reads all sources in a process of its own, on a computer that may be busy

type Status = { storage: { own: boolean; details?: { locale: string; untranslated: number; obsolete: number }[] } }

/** Words in a catalogue that have no translation: the blocks of a .po file whose msgstr is empty. */
function untranslated(file: string): string[] {
  const blocks = readFileSync(file, 'utf8').split('\n\n').slice(1)
  return blocks.filter((b) => /^msgstr(\[\d\])? ""$(?!\n")/m.test(b)).map((b) => /^msgid .*(\n".*")*/m.exec(b)?.[0] ?? b)
}

test('every word of the sources stands in the catalogues, and both languages have the same ones with the same places for values', () => {
  const run = () => execFileSync(bin, ['check', '--full'], { encoding: 'utf8', stdio: 'pipe' })
  expect(run, advice).not.toThrow()
}, patience)

test('no word is left without a translation, and none stands there that nobody says', () => {
  expect(untranslated('src/locales/de.po'), advice).toEqual([])
  const status = JSON.parse(execFileSync(bin, ['status', '--json'], { encoding: 'utf8' })) as Status[]
  const details = status.flatMap((s) => s.storage.details ?? [])
  expect(details, advice).toEqual(['en', 'de'].map((locale) => ({ locale, untranslated: 0, obsolete: 0 })))
}, patience)

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((f) => `src/${f}`)
  .filter((f) => /\.(svelte|ts)$/.test(f) && !/\.test\.ts$|\.setup\.ts$|\/fake\/|\/locales\//.test(f))

/** Where a name only looks like a word: what languages call themselves, and the name of the program. */
const mayIgnore = ['src/screens/settings/Settings.svelte']

/**
 * What wuchale does not see: a field of a class, one small word in an attribute that is shown or read out, a text that begins
 * with a number or a sign, and one with a sum or a colon in it.
 */
const unseen = [
  /^ +#?\w+ = (?:\$state(?:\.raw)?(?:<[^>]*>)?\()?['"`][A-Z][a-z]+[ '"`]/,
  /^[^*/]*(?<=[(:{[,=]\s*|\? )['"`](?:[%,]|\d+) [a-z]{2,}/,
  /`[^`]*\$\{[^`}]*\}[^`$]* [a-z]{4,}(?:: \S?\$|[^`]* = )/,
  /\b(?:label|title|placeholder|text|note|description|aria-label|alt)="[a-z]{2,}"/,
]

test.each(sources)('%s says nothing that cannot be translated', (file) => {
  const text = readFileSync(file, 'utf8')
  if (!mayIgnore.includes(file)) expect(text, 'only names that are the same in every language are left out').not.toContain('@wc-ignore')
  const bare = text.split('\n').filter((line) => !line.includes('@wc-include') && unseen.some((u) => u.test(line)))
  expect(bare, 'say it in a function, or put /* @wc-include */ before it').toEqual([])
})
