import { type Cache, CacheUnavailableError, openCache } from '@sandkeep/cache'
import { afterEach, expect, test } from 'vitest'
import { createLimiter } from './limits.ts'

const rule = { name: 'writes', limit: 2, windowMs: 60_000 }
let stack = new AsyncDisposableStack()

afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

const open = async (): Promise<Cache> => stack.use(await openCache('memory:', { owner: 'gateway' }))

function down(cache: Cache): Cache {
  return { ...cache, take: () => Promise.reject(new CacheUnavailableError('down')) }
}

test('the request after the last allowed one is refused, with the time to wait', async () => {
  const limiter = createLimiter(await open(), await open())
  const take = () => limiter.take([{ rule, key: 'a' }], { localShare: 1 })
  expect(await take()).toMatchObject({ allowed: true, remaining: 1 })
  expect(await take()).toMatchObject({ allowed: true, remaining: 0 })
  const refused = await take()
  expect(refused.allowed).toBe(false)
  expect(refused.retryAfterMs).toBeGreaterThan(0)
  expect(refused.retryAfterMs).toBeLessThanOrEqual(63_000)
})

test('another account is not affected', async () => {
  const limiter = createLimiter(await open(), await open())
  for (const _ of [1, 2, 3]) await limiter.take([{ rule, key: 'a' }], { localShare: 1 })
  expect((await limiter.take([{ rule, key: 'b' }], { localShare: 1 })).allowed).toBe(true)
})

test('one rule that is used up refuses, whatever the others allow', async () => {
  const limiter = createLimiter(await open(), await open())
  const wide = { name: 'wide', limit: 100, windowMs: 60_000 }
  const take = () =>
    limiter.take(
      [
        { rule: wide, key: 'a' },
        { rule, key: 'a' },
      ],
      { localShare: 1 },
    )
  await take()
  await take()
  expect(await take()).toMatchObject({ allowed: false, rule })
})

test('with the cache down, this process counts or lets through, as the caller says', async () => {
  const limiter = createLimiter(down(await open()), await open())
  const counting = () => limiter.take([{ rule, key: 'a' }], { localShare: 1 })
  expect([await counting(), await counting(), await counting()].map((it) => it.allowed)).toEqual([
    true,
    true,
    false,
  ])
  const open3 = await Promise.all(
    [1, 2, 3].map(() => limiter.take([{ rule, key: 'b' }], { localShare: null })),
  )
  expect(open3.every((it) => it.allowed)).toBe(true)
})
