import { type Cache, declareCacheKeys, openCache } from '@sandkeep/cache'
import { takeScript } from '@sandkeep/cache/redis-scripts'
import { Redis, type Result } from 'ioredis'
import { inTurn, keys, type OpenWork } from './work.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    take(key: string, limit: number, windowMs: number): Result<[number, number, number], Context>
  }
}

const limit = { limit: 1_000_000, windowMs: 60_000 }
const value = 'a value of some length '.repeat(10)
const cacheKeys = declareCacheKeys('bench', {
  entry: {
    pattern: '{name}',
    holds: 'a value or a window',
    longestMs: 3_600_000,
    forgottenWhen: 'the bench ends',
    withoutCache: 'the bench ends',
  },
}).keys

const cacheWork =
  (operation: (cache: Cache) => () => Promise<void>): OpenWork =>
  async ({ url }) => {
    const cache = await openCache(url, { owner: 'bench' })
    for (const key of keys) await cache.set(cacheKeys.entry(key), value, 3_600_000)
    return { once: operation(cache), [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose]() }
  }

export const cacheTake = cacheWork((cache) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    if (!(await cache.take(cacheKeys.entry(nextKey()), limit)).allowed) throw new Error('the window is full')
  }
})

export const cacheGet = cacheWork((cache) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    if ((await cache.get(cacheKeys.entry(nextKey()))) === null) throw new Error('a value is missing')
  }
})

const bareWork =
  (operation: (client: Redis) => () => Promise<void>): OpenWork =>
  async ({ url }) => {
    const client = new Redis(url, {
      enableAutoPipelining: true,
      commandTimeout: 500,
      scripts: { take: { lua: takeScript, numberOfKeys: 1 } },
    })
    return { once: operation(client), [Symbol.asyncDispose]: async () => client.disconnect() }
  }

export const bareTake = bareWork((client) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    const [allowed] = await client.take(
      `sandkeep:bench:window:bare-${nextKey()}`,
      limit.limit,
      limit.windowMs,
    )
    if (allowed !== 1) throw new Error('the window is full')
  }
})

export const bareCacheGet = bareWork((client) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    if ((await client.get(`sandkeep:bench:value:${nextKey()}`)) === null)
      throw new Error('a value is missing')
  }
})
