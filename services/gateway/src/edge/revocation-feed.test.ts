import { afterEach, expect, test } from 'vitest'
import { startRevocationFeed } from './revocation-feed.ts'
import { createRevocationList, type Revocation } from './revocation-list.ts'

const silent = { warn: () => undefined, info: () => undefined }
const far = Number.MAX_SAFE_INTEGER
let stack = new AsyncDisposableStack()

afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

function feed(fetchSince: (since: number | null) => Promise<Revocation[]>) {
  const list = createRevocationList()
  return { list, feed: stack.use(startRevocationFeed({ list, fetchSince, log: silent, pollMs: 5 })) }
}

test('the list is loaded once identity has answered', async () => {
  const { list, feed: it } = feed(async () => [{ sessionId: 'session', revokedAt: 1, expiresAt: far }])
  expect(it.isLoaded()).toBe(false)
  await expect.poll(() => it.isLoaded()).toBe(true)
  expect(list.has('session')).toBe(true)
})

test('later questions reach back before the newest revocation known', async () => {
  const asked: (number | null)[] = []
  feed(async (since) => {
    asked.push(since)
    return [{ sessionId: 'session', revokedAt: 50_000, expiresAt: far }]
  })
  await expect.poll(() => asked.length).toBeGreaterThan(1)
  expect(asked.slice(0, 2)).toEqual([null, 35_000])
})

test('an identity that fails leaves the feed silent until it answers again', async () => {
  let isDown = true
  const { feed: it } = feed(async () => {
    if (isDown) throw new Error('refused')
    return []
  })
  expect(it.silentForMs()).toBe(Number.POSITIVE_INFINITY)
  isDown = false
  await expect.poll(() => it.silentForMs()).toBeLessThan(1_000)
})
