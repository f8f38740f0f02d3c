import type { Cache, CacheOptions } from './cache.ts'
import { openMemoryCache } from './memory-cache.ts'
import { openRedisCache } from './redis-cache.ts'

/**
 * Opens the cache that a URL names: `memory:` (of this process; `memory:name` is shared under its name),
 * `redis://host:6379/0` or `rediss://…`.
 */
export async function openCache(url: string, options: CacheOptions): Promise<Cache> {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  if (scheme === 'memory:') return openMemoryCache(url.slice(scheme.length), options)
  if (scheme === 'redis:' || scheme === 'rediss:') return openRedisCache(url, options)
  throw new Error(`A cache URL starts with memory:, redis: or rediss:, not with ${JSON.stringify(scheme)}`)
}
