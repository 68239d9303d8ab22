import { mount } from 'svelte'
import { loadLocale } from 'wuchale/load-utils'
import './app.css'
import { language } from './locale'
import './locales/page.loader.js'
import './locales/script.loader.js'

/** Words are read when a module with words is, so the language is there before the first of them. */
async function start(target: HTMLElement) {
  document.documentElement.lang = language
  const [{ backend }] = await Promise.all([import.meta.env.MODE === 'fake' ? import('./api/fake') : import('./api/wails'), loadLocale(language)])
  const program = import('./api/program').then(({ translate }) => translate(backend()))
  const [{ connect }, { appearance }, { default: App }, { readFirst }] = await Promise.all([import('./api'), import('./shell/look.svelte'), import('./App.svelte'), import('./shell/screens')])
  readFirst()
  connect(await program)
  appearance.start()
  mount(App, { target })
}

const target = document.getElementById('app')
if (target) void start(target)
