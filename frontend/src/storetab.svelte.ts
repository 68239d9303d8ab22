export type StoreTab = 'overview' | 'held' | 'locations' | 'settings'

/** Which tab of a store's page is open; a link from its card may choose it before the page is there. */
class Tab {
  value = $state<StoreTab>('overview')
}

export const storeTab = new Tab()
