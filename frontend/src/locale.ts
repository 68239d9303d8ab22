/** The languages the page speaks. English is written in the sources; the others stand in locales/*.po. */
export const languages = ['en', 'de'] as const

export type Language = (typeof languages)[number]

/** What is chosen: a language, or the one of this computer. */
export type LanguageChoice = Language | 'system'

const stored = 'language'
const dialects: Record<Language, string> = { en: 'en-GB', de: 'de-DE' }

/** The language a page speaks to whom chose that, on a computer that prefers these, the best first. */
export function languageOf(chosen: string | null, preferred: readonly string[]): Language {
  const known = (tag: string) => languages.find((l) => l === tag.split('-', 1)[0])
  if (chosen && chosen !== 'system' && known(chosen)) return known(chosen) as Language
  for (const tag of preferred) {
    const spoken = known(tag)
    if (spoken) return spoken
  }
  return 'en'
}

/** How numbers and dates are written: as this computer does where it speaks the language, else as most who do. */
export function localeOf(spoken: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.startsWith(`${spoken}-`)) ?? dialects[spoken]
}

/** What was chosen on this computer. */
export function chosenLanguage(): LanguageChoice {
  const kept = localStorage.getItem(stored)
  return languages.find((l) => l === kept) ?? 'system'
}

/** The language does not change while the page is shown: it is read again in the new one. */
export const language = languageOf(chosenLanguage(), navigator.languages)
export const locale = localeOf(language, navigator.languages)

/** How sentences are joined: the dialect the words are written in. */
export const dialect = dialects[language]

/** Keeps the choice, and says whether the page has to be read again for it. */
export function keepLanguage(choice: LanguageChoice): boolean {
  localStorage.setItem(stored, choice)
  return languageOf(choice, navigator.languages) !== language
}
