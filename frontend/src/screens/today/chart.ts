/** The heights of a chart's gridlines, 0 first: four, a round number apart, the highest at or above most. */
export function gridlines(most: number): number[] {
  const step = roundUp(Math.max(1, most / 3))
  return [0, step, 2 * step, 3 * step]
}

/** The next number of one digit and zeros. */
function roundUp(n: number): number {
  const ten = 10 ** Math.floor(Math.log10(n))
  return Math.ceil(n / ten) * ten
}
