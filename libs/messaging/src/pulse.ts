/**
 * Paces a loop that looks for work: at once after `wake`, then at growing intervals up to `slowestMs`. The short
 * intervals after a wake-up catch a transaction that announced an event and commits a little later.
 */
export function createPulse(fastestMs: number, slowestMs: number) {
  let intervalMs = fastestMs
  let wakeSleeper: (() => void) | undefined
  let isAwake = false
  return {
    wake() {
      isAwake = true
      intervalMs = fastestMs
      wakeSleeper?.()
    },
    /** Resolves after the current interval, or at once when woken, also if that was before the call. */
    async next(): Promise<void> {
      if (!isAwake) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, intervalMs)
          wakeSleeper = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wakeSleeper = undefined
        intervalMs = Math.min(intervalMs * 2, slowestMs)
      }
      isAwake = false
    },
  }
}
export type Pulse = ReturnType<typeof createPulse>
