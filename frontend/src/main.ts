import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { connect } from './api'

async function start(target: HTMLElement) {
  const { backend } = import.meta.env.MODE === 'fake' ? await import('./api/fake') : await import('./api/wails')
  connect(backend())
  mount(App, { target })
}

const target = document.getElementById('app')
if (target) void start(target)
