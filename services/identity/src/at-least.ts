import { setTimeout as delay } from 'node:timers/promises'

/**
 * Answers, or fails, no sooner than after `ms`, so that how long the work took does not tell what was found.
 * Longer than the work takes on a machine that is not overloaded.
 */
export async function atLeast<T>(ms: number, work: Promise<T>): Promise<T> {
  const [result] = await Promise.allSettled([work, delay(Math.max(0, ms))])
  if (result.status === 'rejected') throw result.reason
  return result.value
}
