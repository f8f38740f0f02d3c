import {
  type Cache,
  type CacheKey,
  CacheUnavailableError,
  type Limit,
  openCache,
  type Taken,
} from '@sandkeep/cache'
import type { Logger } from 'pino'

/** The part of the cache that limits are kept in; it always answers. */
export interface Limiter extends AsyncDisposable {
  get: (key: CacheKey) => Promise<string | null>
  set: (key: CacheKey, value: string, ttlMs: number) => Promise<void>
  delete: (key: CacheKey) => Promise<void>
  take: (key: CacheKey, limit: Limit) => Promise<Taken>
}

/** Without the shared cache every replica counts for itself, so each allows half of what the fleet would. */
const halved = ({ limit, windowMs }: Limit): Limit => ({
  limit: Math.max(1, Math.floor(limit / 2)),
  windowMs,
})

/** Limits survive an outage of the cache: this process then counts alone, and more strictly. */
export async function createLimiter(cache: Cache, log: Logger): Promise<Limiter> {
  const local = await openCache('memory:', { owner: 'identity' })
  let degraded = false

  async function withFallback<T>(shared: () => Promise<T>, alone: () => Promise<T>): Promise<T> {
    try {
      const result = await shared()
      degraded = false
      return result
    } catch (error) {
      if (!(error instanceof CacheUnavailableError)) throw error
      if (!degraded)
        log.warn({ err: error }, 'limits are counted by this process alone until the cache is back')
      degraded = true
      return await alone()
    }
  }

  return {
    get: (key) =>
      withFallback(
        () => cache.get(key),
        () => local.get(key),
      ),
    set: (key, value, ttlMs) =>
      withFallback(
        () => cache.set(key, value, ttlMs),
        () => local.set(key, value, ttlMs),
      ),
    delete: (key) =>
      withFallback(
        () => cache.delete(key),
        () => local.delete(key),
      ),
    take: (key, limit) =>
      withFallback(
        () => cache.take(key, limit),
        () => local.take(key, halved(limit)),
      ),
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  }
}
