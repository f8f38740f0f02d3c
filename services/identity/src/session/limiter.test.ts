import { type Cache, CacheUnavailableError, openCache } from '@sandkeep/cache'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { cacheKeys } from '../cache-keys.ts'
import { createLimiter } from './limiter.ts'

const { keys } = cacheKeys
const other = keys.accountFailed('bob')

const stack = new AsyncDisposableStack()
afterEach(() => stack.disposeAsync())

test('limits hold without the cache, at half their size, and are shared again once it is back', async () => {
  const shared = await openCache('memory:', { owner: 'identity' })
  let isDown = false
  // A cache whose every command fails while it is "down", as one does that is out of reach.
  const cache = new Proxy(shared, {
    get: (target, name: keyof Cache) =>
      isDown
        ? () => Promise.reject(new CacheUnavailableError(new Error('out of reach')))
        : Reflect.get(target, name),
  })
  const limiter = stack.use(await createLimiter(cache, pino({ level: 'silent' })))
  const limit = { limit: 4, windowMs: 60_000 }
  const takes = async (count: number) => {
    const taken = []
    for (let i = 0; i < count; i += 1)
      taken.push((await limiter.take(keys.unlockMails('ann'), limit)).allowed)
    return taken
  }
  isDown = true
  expect(await takes(3)).toEqual([true, true, false])
  await limiter.set(other, 'value', 1000)
  expect(await limiter.get(other)).toBe('value')
  isDown = false
  expect(await takes(5)).toEqual([true, true, true, true, false])
  expect(await limiter.get(other)).toBeNull()
  await shared[Symbol.asyncDispose]()
})
