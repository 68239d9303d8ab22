const channels: Record<string, { mark: string; title: string }> = {
  shopify: { mark: 'SH', title: 'Shopify' },
  bigcommerce: { mark: 'BC', title: 'BigCommerce' },
  woocommerce: { mark: 'WC', title: 'WooCommerce' },
  etsy: { mark: 'ET', title: 'Etsy' },
  amazon: { mark: 'AM', title: 'Amazon' },
  ebay: { mark: 'EB', title: 'eBay' },
}

/** The two letters a channel is known by. */
export function channelMark(name: string): string {
  return channels[name]?.mark ?? name.slice(0, 2).toUpperCase()
}

export function channelTitle(name: string): string {
  return channels[name]?.title ?? name
}
