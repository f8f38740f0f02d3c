import type { Cache, CacheOptions } from './cache.ts'

export async function openCache(url: string, options: CacheOptions): Promise<Cache> {
  throw new Error(`no adapter yet for ${url} of ${options.owner}`)
}
