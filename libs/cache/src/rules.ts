import type { Limit } from './cache.ts'
import type { CacheKey } from './cache-key.ts'

/** Mistakes of the caller, told the same way by every adapter. */
export function checkKey({ name }: CacheKey): void {
  if (name === '') throw new RangeError('A cache key must not be empty')
}

export function checkTtl({ longestMs }: CacheKey, ttlMs: number): void {
  if (!isPositiveInteger(ttlMs) || ttlMs > longestMs) {
    throw new RangeError(
      `A value of this key lives for whole milliseconds from 1 to the ${longestMs} declared, not ${ttlMs}`,
    )
  }
}

export function checkLimit({ longestMs }: CacheKey, { limit, windowMs }: Limit): void {
  if (!isPositiveInteger(limit) || !isPositiveInteger(windowMs)) {
    throw new RangeError(`A limit needs whole numbers above 0, not ${limit} in ${windowMs} ms`)
  }
  if (windowMs > longestMs)
    throw new RangeError(`A window of this key lasts at most the ${longestMs} ms declared, not ${windowMs}`)
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
