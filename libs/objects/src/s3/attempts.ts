import { setTimeout } from 'node:timers/promises'
import { isPassing, S3Refusal } from './s3-refusal.ts'

const maxAttempts = 4
const firstPauseMs = 50

/**
 * Does the work again while the store fails at once, for about a second in all; throws an S3Refusal. A time-out is not
 * tried again: it has used up the caller's patience.
 */
export async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error
      const refusal = new S3Refusal(error)
      if (attempt === maxAttempts || !isPassing(refusal)) throw refusal
      await setTimeout(firstPauseMs * 3 ** (attempt - 1) * (0.5 + Math.random()))
    }
  }
}
