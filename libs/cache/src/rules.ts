import type { Limit } from './cache.ts'

/** Mistakes of the caller, told the same way by every adapter. */
export function checkKey(key: string): void {
  if (key === '') throw new RangeError('A cache key must not be empty')
}

export function checkTtl(ttlMs: number): void {
  if (!isPositiveInteger(ttlMs)) {
    throw new RangeError(`A cache value lives for whole milliseconds, at least 1, not ${ttlMs}`)
  }
}

export function checkLimit({ limit, windowMs }: Limit): void {
  if (!isPositiveInteger(limit) || !isPositiveInteger(windowMs)) {
    throw new RangeError(`A limit needs whole numbers above 0, not ${limit} in ${windowMs} ms`)
  }
}

function isPositiveInteger(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
