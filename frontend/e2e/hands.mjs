// Hands inside the real window: what a seller presses and types, by the names that stand on the screen.

/** Runs in the page: gives it window.hands. */
function install() {
  const named = (e) => (e.getAttribute('aria-label') ?? e.innerText ?? '').trim().replaceAll(/\s+/g, ' ')
  const shown = (e) => e.getClientRects().length > 0
  const parts = 'button, [role=tab], [role=checkbox], [role=radio], [role=switch], a, label'
  const all = (name, within) => [...document.querySelectorAll(within ? `${within} :is(${parts})` : parts)].filter((e) => shown(e) && named(e).startsWith(name))
  const able = (e) => !e.disabled && e.getAttribute('aria-disabled') !== 'true'
  const field = (label) => {
    const of = [...document.querySelectorAll('label')].find((l) => shown(l) && l.innerText.trim().startsWith(label))
    return (of && document.getElementById(of.htmlFor)) ?? [...document.querySelectorAll('input')].find((i) => i.getAttribute('aria-label') === label)
  }
  window.hands = {
    /** Presses the last thing whose name begins so: a dialog lies over what was there before. */
    press(name, within) {
      const found = all(name, within).findLast(able)
      found?.click()
      return found !== undefined
    },
    type(label, text) {
      const input = field(label)
      if (!input) return false
      input.focus()
      input.value = text
      input.dispatchEvent(new Event('input', { bubbles: true }))
      return true
    },
    /** What stands in a cell of the grid. */
    cell: (sku, column) => document.querySelector(`[data-key=${CSS.escape(sku)}] [data-column=${column}]`)?.innerText.trim(),
    click(selector) {
      const found = document.querySelector(selector)
      found?.click()
      return found !== null
    },
  }
  return true
}

/** Hands in a window's page; each waits until it can do what it is asked to. */
export async function hands(page) {
  await page.evaluate(`(${install})()`)
  const say = JSON.stringify
  return {
    press: (name, within = '') => page.until(`window.hands.press(${say(name)}, ${say(within)})`),
    at: (selector) => page.until(`window.hands.click(${say(selector)})`),
    type: (label, text) => page.until(`window.hands.type(${say(label)}, ${say(text)})`),
    sees: (text) => page.until(`document.body.innerText.includes(${say(text)})`),
    reads: (sku, column, text) => page.until(`window.hands.cell(${say(sku)}, ${say(column)}) === ${say(text)}`),
  }
}
