import type { Listing } from '../../api'

/** A number that a store shows: of a listing, or of a listing at one of the store's locations. */
export type Spot = Listing & { place: string; unlinked: boolean }

/** Every number of the listings: one each, or one for each location of a store that has locations. */
export function spots(online: Listing[]): Spot[] {
  return online.flatMap((l): Spot[] => {
    if (l.locations.length === 0) return [{ ...l, place: '', unlinked: false }]
    return l.locations.map(({ name, warehouse, target, lastPushed, lastPushedAt, state, reason }) => ({
      ...l, place: name, unlinked: warehouse === '', target, lastPushed, lastPushedAt, state, reason, storeHas: null, // what it has is known of all locations together
    }))
  })
}
