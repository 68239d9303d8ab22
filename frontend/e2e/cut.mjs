// Text that does not have the room it needs: longer words of another language, a narrow window.

/** What is cut off without saying the rest on hover, runs out of its cell or stands outside of the window, in a line each. */
export const cutText = (page) => page.evaluate(() => {
  const slack = 1.5 // pixels a browser rounds away
  const cells = 'button, th, td, [role=gridcell], [role=columnheader], [role=tab], [role=radio]'
  const shown = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && el.clientWidth > 1
  const found = new Set()
  for (const el of document.querySelectorAll('body *')) {
    const own = [...el.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.data.trim())
    if (own.length === 0 || !shown(el)) continue
    const text = own.map((n) => n.data.trim()).join(' ')
    const { overflowX } = getComputedStyle(el)
    if (overflowX !== 'visible' && el.scrollWidth > el.clientWidth + slack && !el.closest('[title]')) found.add(`cut off: ${text}`)
    const cell = el.closest(cells)
    if (!cell) continue
    const range = document.createRange()
    for (const node of own) {
      range.selectNodeContents(node)
      const { right, width } = range.getBoundingClientRect()
      const clipped = overflowX !== 'visible' || [...parents(el, cell)].some((p) => getComputedStyle(p).overflowX !== 'visible')
      if (width > 0 && !clipped && right > cell.getBoundingClientRect().right + slack) found.add(`runs out of its cell: ${text}`)
      if (width > 0 && !clipped && right > innerWidth + slack) found.add(`outside of the window: ${text}`)
    }
  }
  return [...found]

  function* parents(el, until) {
    for (let p = el; p && p !== until.parentElement; p = p.parentElement) yield p
  }
})
