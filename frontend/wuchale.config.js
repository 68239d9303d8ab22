import { adapter as svelte } from '@wuchale/svelte'
import { defaultHeuristic, defineConfig, pofile } from 'wuchale'
import { adapter as script } from 'wuchale/adapter-vanilla'

/**
 * The page's words are written in English where they are used. wuchale takes them out when the page is built and keeps
 * them in src/locales/*.po, where every other language is written beside them; one language is loaded at run time.
 *
 * What it takes: text in the markup, and in attributes and scripts what begins with a capital letter. A word that
 * begins otherwise is taken when @wc-include stands before it, and a name that only looks like a word is left when
 * @wc-ignore does.
 */
const notWords = ['class', 'd', 'viewBox', 'points', 'href', 'type', 'id']

/** Calls whose strings are names in a program, not words. */
const notSaid = /^(console\.|CSS\.|document\.|window\.|cx$)/

/** The names browsers give to keys. */
const keyName = /^(Arrow\w+|Page(Up|Down)|Home|End|Enter|Escape|Tab|Backspace|F\d+)$/

/** Class names, selectors, addresses and numbers of a drawing: several words, none of them said. */
const listed = /(^|\s)[\w[\]().:!/-]*[a-z0-9\])][-:[][\w[\]().:%!/-]*(\s|$)|[[\]=<>]|^\S+$|px|^[Mm]\d/

function said(message) {
  const { attribute, call, scope } = message.details
  if (attribute && (notWords.includes(attribute) || /^(data-|style)/.test(attribute))) return false
  const text = message.msgStr.join(' ')
  if ((call && notSaid.test(call)) || keyName.test(text)) return false
  if (scope !== 'markup' && /^([#{]|\s*[a-z])/.test(text) && /\p{Ll}{2}/u.test(text) && !listed.test(text)) return 'message'
  return defaultHeuristic(message)
}

/** amount(n, ['# listing', '# listings']): the form is chosen by the language's own rule. */
const amount = { name: 'amount', args: ['other', 'message', 'pluralFunc'] }

const words = { loader: 'custom', heuristic: said, patterns: [amount] }

// The language is known before the first module with words in it is read, and does not change after.
const inModule = { useReactive: false, initReactive: ({ funcName }) => (funcName == null ? false : null) }
const nowhere = { useReactive: false, initReactive: () => null }

const page = svelte({ ...words, files: ['src/**/*.svelte'], storage: pofile(), runtime: inModule })
const plain = script({
  ...words,
  files: { include: ['src/**/*.ts'], ignore: ['src/**/*.test.ts', 'src/**/*.d.ts', 'src/*.setup.ts', 'src/main.ts', 'src/api/fake/**'] },
  storage: pofile(),
  runtime: nowhere,
})

/** Scripts have their words in tables of the module as often as in functions, so the words are there for all of it. */
function transform(source) {
  const { msgs, output } = plain.transform(source)
  return { msgs, output: (header) => output(`${header}\nconst _w_runtime_ = ${source.expr.plain}`) }
}

export default defineConfig({
  locales: ['en', 'de'],
  ai: null,
  logLevel: 'warn',
  adapters: { page, script: { ...plain, transform } },
})
