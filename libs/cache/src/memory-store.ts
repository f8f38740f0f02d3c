import { LRUCache } from 'lru-cache'
import type { Limit, Taken } from './cache.ts'
import { keepForMs, type Slices, take } from './sliding-window.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

const maxKeys = 50_000
const maxCharacters = 16 * 1024 * 1024
const purgeEveryMs = 30_000

export type Clock = () => number

/** What one Redis would hold. Expired keys are invisible at once. */
export interface MemoryStore {
  readonly subscriptions: Subscriptions
  size(): number
  get(key: string): string | null
  set(key: string, value: string, ttlMs: number): void
  delete(key: string): void
  take(key: string, limit: Limit): Taken
  /** Frees what has expired, as a timer does from time to time that does not keep the process alive. */
  purge(): void
  close(): void
}

/** Full, it forgets what was not used for longest, as a cache may. */
export function createMemoryStore(now: Clock = () => performance.now()): MemoryStore {
  const expiry = { max: maxKeys, ttl: 1, ttlResolution: 0, perf: { now } }
  const values = new LRUCache<string, string>({
    ...expiry,
    maxSize: maxCharacters,
    sizeCalculation: (value, key) => value.length + key.length,
  })
  const windows = new LRUCache<string, Slices>(expiry)
  const purge = () => {
    values.purgeStale()
    windows.purgeStale()
  }
  const purging = setInterval(purge, purgeEveryMs).unref()
  return {
    subscriptions: createSubscriptions(),
    size: () => values.size + windows.size,
    get: (key) => values.get(key) ?? null,
    set: (key, value, ttlMs) => void values.set(key, value, { ttl: ttlMs }),
    delete(key) {
      values.delete(key)
      windows.delete(key)
    },
    take(key, limit) {
      const slices: Slices = windows.get(key) ?? new Map()
      const taken = take(slices, limit, now())
      if (taken.allowed) windows.set(key, slices, { ttl: keepForMs(limit.windowMs) })
      return taken
    },
    purge,
    close: () => clearInterval(purging),
  }
}
