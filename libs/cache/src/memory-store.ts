import { LRUCache } from 'lru-cache'
import type { Limit, Taken } from './cache.ts'
import { keepForMs, type Slices, take } from './sliding-window.ts'
import { Subscriptions } from './subscriptions.ts'

const maxKeys = 50_000
const maxCharacters = 16 * 1024 * 1024
const purgeEveryMs = 30_000

export type Clock = () => number

/**
 * What one Redis would hold. Full, it forgets what was not used for longest, as a cache may.
 * Expired keys are invisible at once and freed by a timer that does not keep the process alive.
 */
export class MemoryStore {
  readonly subscriptions = new Subscriptions()
  readonly #now: Clock
  readonly #values: LRUCache<string, string>
  readonly #windows: LRUCache<string, Slices>
  readonly #purging: NodeJS.Timeout

  constructor(now: Clock = () => performance.now()) {
    this.#now = now
    const expiry = { max: maxKeys, ttl: 1, ttlResolution: 0, perf: { now } }
    this.#values = new LRUCache({
      ...expiry,
      maxSize: maxCharacters,
      sizeCalculation: (value, key) => value.length + key.length,
    })
    this.#windows = new LRUCache(expiry)
    this.#purging = setInterval(() => this.purge(), purgeEveryMs).unref()
  }

  get size(): number {
    return this.#values.size + this.#windows.size
  }

  get(key: string): string | null {
    return this.#values.get(key) ?? null
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#values.set(key, value, { ttl: ttlMs })
  }

  delete(key: string): void {
    this.#values.delete(key)
    this.#windows.delete(key)
  }

  take(key: string, limit: Limit): Taken {
    const slices: Slices = this.#windows.get(key) ?? new Map()
    const taken = take(slices, limit, this.#now())
    if (taken.allowed) this.#windows.set(key, slices, { ttl: keepForMs(limit.windowMs) })
    return taken
  }

  purge(): void {
    this.#values.purgeStale()
    this.#windows.purgeStale()
  }

  close(): void {
    clearInterval(this.#purging)
  }
}
