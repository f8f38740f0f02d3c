import { setTimeout as delay } from 'node:timers/promises'

const defaultTimeoutMs = 10_000
const pollMs = 20

/** Repeats the assertion until it passes and answers its value; rethrows its last failure when time is up. */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = defaultTimeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await delay(pollMs)
    }
  }
}
