export type { Cache, CacheLog, CacheOptions, Limit, Taken } from './cache.ts'
export {
  type CacheKey,
  type CacheKeyDeclaration,
  type CacheKeys,
  type DeclaredKeys,
  declareCacheKeys,
} from './cache-key.ts'
export { CacheUnavailableError } from './errors.ts'
export { openCache } from './open-cache.ts'
