// Names and SKUs that try to become markup, to hide themselves or to burst the page.
const run = 'window.hostileRan = true'
export const image = `<img src=x onerror="${run}">`
export const script = `</script><script>${run}</script>`
const turned = '\u202Egnp.elppa'
// WooCommerce keeps no tag in a SKU, but quotes and entities.
export const quoted = `"'onload="1"&lt;b&gt;`
const long = 'X'.repeat(10_000)

/** SKU and name of each. */
export const goods = [
  ['IMAGE', image],
  ['SCRIPT', script],
  ['TURNED', turned],
  ['LONG', long],
  [quoted, `<svg onload="${run}">`],
]

/** What a page has become by them, for {@link harmless} to be equal to; runs in the page. */
export function became() {
  return {
    ran: 'hostileRan' in window,
    markup: document.querySelectorAll('[onerror], [onload], img[src="x"], body script').length,
    over: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  }
}

/** Neither markup of a seller's nor wider than its window. */
export const harmless = { ran: false, markup: 0, over: 0 }
