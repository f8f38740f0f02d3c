import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

const [firstPauseMs, longestPauseMs] = [200, 2_000]
const remindEvery = 10

/** Does what needs an engine as soon as that is there: waits while it is unavailable, and says so by name. */
export async function whenAvailable<T>(engine: string, log: Logger, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isUnavailable(error)) throw error
      if (attempt % remindEvery === 0)
        log.warn({ reason: reasonOf(error) }, `waiting for ${engine}, which is not there yet`)
    }
    await delay(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs))
  }
}

const isUnavailable = (error: unknown): error is Error =>
  error instanceof Error && 'kind' in error && error.kind === 'unavailable'

const reasonOf = ({ message, cause }: Error) => (cause instanceof Error ? cause.message : message)
