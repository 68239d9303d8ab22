import type { ListingState } from './types'

// What crosses the border about the places where stock lies.

export type ListingAt = {
  ref: string
  name: string
  /** Code of the warehouse it is, "" for none. */
  warehouse: string
  target: number | null
  lastPushed: number | null
  lastPushedAt: number | null
  state: ListingState
  reason: string
}

/** A product in one warehouse. */
export type WarehouseStock = { code: string; name: string; inStock: number | null; booked: number; available: number | null; counted: boolean }

/** A place where stock lies; orders are booked first where priority is 1. */
export type Warehouse = { code: string; name: string; priority: number; main: boolean; products: number; units: number; booked: number; stores: string[] }

export type WarehousePatch = { name?: string; priority?: number }

/** Of a store without locations, these are the warehouses themselves, linked or not. */
export type StoreLocations = {
  store: string
  located: boolean
  locations: { ref: string; name: string; active: boolean; fulfils: boolean; warehouse: string }[]
}
