/** Clock ticks once a second while the window is visible, so that ages and countdowns move. */
class Clock {
  now = $state(Date.now())
  /** Milliseconds since the page was loaded; it does not jump when somebody sets the computer's clock. */
  steady = $state(performance.now())

  constructor() {
    const tick = () => {
      if (document.visibilityState !== 'visible') return
      this.now = Date.now()
      this.steady = performance.now()
    }
    setInterval(tick, 1000)
    document.addEventListener('visibilitychange', tick)
  }
}

export const clock = new Clock()
