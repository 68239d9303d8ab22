import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { wuchale } from 'wuchale/vite'
import { budget } from './budget.ts'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  // The tests read the sources' own words.
  plugins: [...(process.env.VITEST ? [] : [wuchale()]), svelte(), tailwindcss(), ...(mode === 'fake' ? [] : [budget()])],
  build: { target: ['safari16.4', 'chrome111'], assetsInlineLimit: 0, outDir: mode === 'fake' ? 'dist-fake' : 'dist' },
  server: { host: '127.0.0.1', port: 5173 },
  // Svelte ships a server and a browser build; the tests mount components.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'happy-dom', setupFiles: ['src/test.setup.ts'], include: ['src/**/*.test.ts'], restoreMocks: true },
}))
