import type * as T from '../types'

/** How a shop of the fake is made to call; it called two minutes ago. */
export function hooksOf(store: T.Store, webhooks: T.Webhooks, now: number): T.StoreWebhooks {
  return {
    ...webhooks, able: true, local: `http://127.0.0.1:${webhooks.port}/hooks/${store.id}`, label: 'Secret',
    help: 'Enter it as the secret of every webhook of this shop.', made: true, ready: true, own: true, lastAt: now - 120_000, refusedAt: null,
    steps: [
      "In the shop's administration open WooCommerce, Settings, Advanced, Webhooks and choose Add webhook.",
      `As the delivery URL enter the address of your tunnel followed by /hooks/${store.id}.`,
    ],
  }
}
