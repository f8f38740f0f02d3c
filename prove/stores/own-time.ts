const tickMs = 20

/**
 * A clock that stands still while the machine does not let this process run, so that a busy machine is not taken for a
 * slow store. In milliseconds.
 */
export function startOwnClock(): () => number {
  let notRunMs = 0
  let last = performance.now()
  setInterval(() => {
    const now = performance.now()
    notRunMs += Math.max(0, now - last - tickMs)
    last = now
  }, tickMs).unref()
  return () => performance.now() - notRunMs
}
