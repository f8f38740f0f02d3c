import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { type Engine, engines, eventually, freePort } from '@sandkeep/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheContract } from '../test/cache-contract.ts'
import { key } from '../test/key.ts'
import { type Cache, CacheUnavailableError, openCache } from './index.ts'

cacheContract('redis:', async () => {
  const stack = new AsyncDisposableStack()
  const redis = stack.use(await engines.start('redis'))
  const admin = stack.adopt(new Redis(redis.url), (it) => it.disconnect())
  return {
    open: (owner) => openCache(redis.url, { owner }),
    now: () => performance.now(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    breakSubscriptions: async () => {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    },
    scheduleRuns: 10,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
})

let redis: Engine
beforeAll(async () => {
  redis = await engines.start('redis')
})
afterAll(() => redis[Symbol.asyncDispose]())

const owner = () => `owner-${randomUUID()}`
const works = (cache: Cache) => eventually(() => cache.set(key('key'), 'value', 60_000))
const limit = { limit: 1, windowMs: 60_000 }

test('every key says whose it is and expires', async () => {
  const name = owner()
  await using cache = await openCache(redis.url, { owner: name })
  await cache.set(key('greeting'), 'hello', 60_000)
  await cache.take(key('login:ann'), { limit: 10, windowMs: 60_000 })
  await using stack = new AsyncDisposableStack()
  const admin = stack.adopt(new Redis(redis.url), (it) => it.disconnect())
  const keys = await admin.keys(`sandkeep:${name}:*`)
  expect(keys.toSorted(Intl.Collator('en').compare)).toEqual([
    `sandkeep:${name}:value:greeting`,
    `sandkeep:${name}:window:login:ann`,
  ])
  for (const key of keys) expect(await admin.pttl(key)).toBeGreaterThan(0)
})

test('without Redis a cache opens, is down, and refuses at once; it says so once', async () => {
  const warnings: string[] = []
  const log = { warn: (_fields: object, message: string) => void warnings.push(message) }
  await using cache = await openCache(`redis://127.0.0.1:${await freePort()}`, { owner: owner(), log })
  expect(cache.status()).toBe('down')
  await expect(cache.get(key('key'))).rejects.toThrow(CacheUnavailableError)
  await expect(cache.take(key('key'), limit)).rejects.toThrow(CacheUnavailableError)
  await expect(cache.publish('channel', 'message')).rejects.toThrow(CacheUnavailableError)
  expect(warnings).toEqual(['cache connection failed, trying again'])
})

test('a subscription made while Redis is away is live when it is there', async () => {
  await using cache = await openCache(redis.url, { owner: owner() })
  await redis.kill()
  const heard = new Set<string>()
  await using _subscription = await cache.subscribe('news', (it) => heard.add(it))
  await redis.restart()
  await eventually(async () => {
    await cache.publish('news', 'back')
    expect(heard).toContain('back')
  })
})

test('after kill -9 and a restart the cache is up again, limits and subscriptions included', async () => {
  await using cache = await openCache(redis.url, { owner: owner() })
  const heard = new Set<string>()
  await using _subscription = await cache.subscribe('after-restart', (it) => heard.add(it))
  await cache.take(key('key'), limit)
  await redis.restart()
  await works(cache)
  expect(cache.status()).toBe('up')
  expect(await cache.take(key('other'), limit)).toMatchObject({ allowed: true })
  expect(await cache.take(key('other'), limit)).toMatchObject({ allowed: false })
  await eventually(async () => {
    await cache.publish('after-restart', 'news')
    expect(heard).toContain('news')
  })
})

test('a Redis that hangs is given up on, also by many at once, and is used again when it answers', async () => {
  await using cache = await openCache(redis.url, { owner: owner(), commandTimeoutMs: 100 })
  await works(cache)
  await redis.pause()
  try {
    const asked = Array.from({ length: 200 }, (_, i) => cache.set(key(`late-${i}`), 'value', 60_000))
    const answers = await Promise.allSettled(asked)
    expect(answers.filter((it) => it.status === 'fulfilled')).toEqual([])
    await expect(cache.get(key('key'))).rejects.toThrow(CacheUnavailableError)
  } finally {
    await redis.resume()
  }
  await works(cache)
})

test('a value is not repeated in what goes wrong', async () => {
  const name = owner()
  await using stack = new AsyncDisposableStack()
  const admin = stack.adopt(new Redis(redis.url), (it) => it.disconnect())
  const cache = stack.use(await openCache(redis.url, { owner: name }))
  await admin.set(`sandkeep:${name}:window:taken`, 'not a window')
  const error = await cache.take(key('taken'), limit).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(CacheUnavailableError)
  expect(inspect(error, { depth: 10 })).not.toContain(':taken')
})

test('a password is not repeated in what goes wrong', async () => {
  const seen: string[] = []
  const log = { warn: (fields: object, message: string) => void seen.push(JSON.stringify(fields), message) }
  const url = redis.url.replace('redis://', 'redis://user:hunter2-secret@')
  await using cache = await openCache(url, { owner: owner(), log })
  const error = await cache.get(key('key')).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(CacheUnavailableError)
  expect(seen).toHaveLength(2)
  expect([...seen, inspect(error, { depth: 10 })].join()).not.toContain('hunter2-secret')
})
