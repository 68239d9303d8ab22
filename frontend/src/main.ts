import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { connect } from './api'
import { appearance } from './shell/look.svelte'

async function start(target: HTMLElement) {
  const { backend } = import.meta.env.MODE === 'fake' ? await import('./api/fake') : await import('./api/wails')
  connect(backend())
  appearance.start()
  mount(App, { target })
}

const target = document.getElementById('app')
if (target) void start(target)
