export type { Cache, CacheLog, CacheOptions, Limit, Taken } from './cache.ts'
export { CacheUnavailableError } from './errors.ts'
export { openCache } from './open-cache.ts'
