import type { Limit, Taken } from './cache.ts'

/** Takes by slice of time: slice number → takes in it. */
export type Slices = Map<number, number>

/** A window is counted in this many slices: the memory of a key does not grow with its limit. */
export const slicesPerWindow = 20

/** How long a key must be kept after a take, in milliseconds. */
export function keepForMs(windowMs: number): number {
  return Math.ceil(windowMs / slicesPerWindow) * (slicesPerWindow + 1)
}

/**
 * Decides and records one take. The oldest slice counts whole, so that a window never holds more than `limit`.
 * `redis-scripts.ts` holds the same in Lua.
 */
export function take(slices: Slices, { limit, windowMs }: Limit, nowMs: number): Taken {
  const sliceMs = Math.ceil(windowMs / slicesPerWindow)
  const now = Math.floor(nowMs)
  const current = Math.floor(now / sliceMs)
  const oldest = current - slicesPerWindow
  forgetBefore(slices, oldest)
  const taken = sum(slices.values())
  if (taken < limit) {
    slices.set(current, (slices.get(current) ?? 0) + 1)
    return { allowed: true, remaining: limit - taken - 1, retryAfterMs: 0 }
  }
  const freeing = sliceThatFrees(slices, oldest, taken - limit + 1)
  return { allowed: false, remaining: 0, retryAfterMs: (freeing + slicesPerWindow + 1) * sliceMs - now }
}

function forgetBefore(slices: Slices, oldest: number): void {
  for (const slice of slices.keys()) if (slice < oldest) slices.delete(slice)
}

function sum(counts: Iterable<number>): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/** The slice with whose end the `needed` oldest takes are forgotten. */
function sliceThatFrees(slices: Slices, oldest: number, needed: number): number {
  let freed = 0
  for (let slice = oldest; ; slice++) {
    freed += slices.get(slice) ?? 0
    if (freed >= needed || slice >= oldest + slicesPerWindow) return slice
  }
}
