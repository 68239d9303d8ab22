import type { Api } from '../api'
import { AppError } from '../error'
import type * as T from '../types'
import type { World } from './world'

type Answer = <A>(make: () => A) => Promise<A>

/** Warehouses of the fake: they can be added, named and ranked; all goods lie in the main one. */
export function warehouses(world: World, answer: Answer): Api['warehouses'] {
  const find = (code: string) => {
    const found = world.warehouses.find((w) => w.code === code)
    if (!found) throw new AppError('not_found', `There is no warehouse with the code "${code}".`)
    return found
  }
  const rank = (all: T.Warehouse[]) => {
    world.warehouses = all.map((w, i) => ({ ...w, priority: i + 1 }))
    world.changed()
  }
  const stores = (code: string) => world.stores.filter((s) => code === 'MAIN' || world.linked.has(`${s.id} ${code}`)).map((s) => s.name)
  return {
    list: () => answer(() => world.warehouses.map((w) => {
      const rows = w.main ? world.rows.filter((r) => r.counted) : []
      return { ...w, products: rows.length, units: rows.reduce((n, r) => n + (r.inStock ?? 0), 0), booked: rows.reduce((n, r) => n + r.booked, 0), stores: stores(w.code) }
    })),
    stock: (code, items) => answer(() => items.map((id) => {
      const { name, main } = find(code)
      const row = world.rows.find((r) => r.id === id)
      if (!row || !main) return { code, name, inStock: null, booked: 0, available: null, counted: false }
      return { code, name, inStock: row.inStock, booked: row.booked, available: row.available, counted: row.counted }
    })),
    add: (code, name) => answer(() => {
      if (world.warehouses.some((w) => w.code.toLowerCase() === code.toLowerCase())) throw new AppError('invalid', `There is a warehouse with the code ${code} already.`)
      rank([...world.warehouses, { code, name: name || code, priority: 0, main: false, products: 0, units: 0, booked: 0, stores: [] }])
    }),
    set: (code, patch) => answer(() => {
      const changed = { ...find(code), ...(patch.name ? { name: patch.name } : {}) }
      const others = world.warehouses.filter((w) => w.code !== code)
      others.splice((patch.priority ?? changed.priority) - 1, 0, changed)
      rank(others)
    }),
    remove: (code) => answer(() => {
      if (find(code).main) throw new AppError('invalid', 'The main warehouse cannot be removed. Give it another name instead.')
      rank(world.warehouses.filter((w) => w.code !== code))
    }),
    locations: (id) => answer(() => world.stores.find((s) => s.id === id)?.located ? garden(world) : ({
      store: world.stores.find((s) => s.id === id)?.name ?? '', located: false,
      locations: world.warehouses.map((w) => ({ ref: w.code, name: w.name, active: true, fulfils: true, warehouse: w.main || world.linked.has(`${id} ${w.code}`) ? w.code : '' })),
    })),
    link: (id, location, code) => answer(() => {
      if (world.stores.find((s) => s.id === id)?.located) world.places.set(location, code)
      else if (code) world.linked.add(`${id} ${location}`)
      else world.linked.delete(`${id} ${location}`)
      world.changed()
    }),
  }
}

/** A shop with three locations, one of which it no longer uses. */
export function garden(world: World): T.StoreLocations {
  const at = (ref: string, name: string, active: boolean) => ({ ref, name, active, fulfils: active, warehouse: world.places.get(ref) ?? '' })
  return { store: 'Fernhill Garden', located: true, locations: [at('1', 'High Street 12', true), at('2', 'Station depot', true), at('3', 'Old barn', false)] }
}
