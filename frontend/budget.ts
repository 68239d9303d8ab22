import type { Plugin } from 'vite'

/** What a first paint may load in script, in bytes as built: a computer of ten years reads and runs that at once. */
export const most = 370_000

/** What the budget needs to know of a built script. */
export type Built = { name: string; bytes: number; imports: string[]; dynamicImports: string[]; isEntry: boolean; isScreen: boolean; isWords: boolean }

/**
 * Bytes of script that are read before the first screen stands: what the page starts with, the largest screen with all it
 * asks for, and the largest catalogue of words.
 */
export function firstPaint(built: Built[]): { bytes: number; screen: string } {
  const byName = new Map(built.map((b) => [b.name, b]))
  const closure = (names: string[], into = new Set<string>()): Set<string> => {
    for (const name of names) {
      const b = byName.get(name)
      if (!b || into.has(name)) continue
      into.add(name)
      closure(b.imports, into)
    }
    return into
  }
  const sum = (names: Iterable<string>) => [...names].reduce((n, name) => n + (byName.get(name)?.bytes ?? 0), 0)
  const entry = built.filter((b) => b.isEntry)
  const started = entry.flatMap((b) => b.dynamicImports).filter((n) => !byName.get(n)?.isScreen && !byName.get(n)?.isWords)
  const start = [...entry.map((b) => b.name), ...started]
  const words = Math.max(0, ...built.filter((b) => b.isWords).map((b) => b.bytes))
  const screens = built.filter((b) => b.isScreen)
  const each = screens.map((s) => ({ screen: s.name, bytes: sum(closure([...start, s.name])) + words }))
  return each.reduce((a, b) => (b.bytes > a.bytes ? b : a), { screen: '', bytes: sum(closure(start)) + words })
}

/** Fails a build whose first paint would load more than it may. */
export function budget(): Plugin {
  return {
    name: 'budget',
    generateBundle(_, bundle) {
      const built: Built[] = []
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const from = chunk.facadeModuleId ?? ''
        built.push({
          name: chunk.fileName,
          bytes: Buffer.byteLength(chunk.code),
          imports: chunk.imports,
          dynamicImports: chunk.dynamicImports,
          isEntry: chunk.isEntry,
          isScreen: this.getModuleInfo(from)?.dynamicImporters.some((by) => by.endsWith('/src/shell/screens.ts')) ?? false,
          isWords: from.includes('/.wuchale/'),
        })
      }
      const { bytes, screen } = firstPaint(built)
      const said = `first paint: at most ${Math.round(bytes / 1000)} kB of script (${screen}), ${most / 1000} kB allowed`
      if (bytes > most) this.error(said)
      this.info(said)
    },
  }
}
