import { type Engine, engines } from '@sandkeep/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type Fleet, sharedCache, startFleet } from './fleet.ts'

let stack = new AsyncDisposableStack()
let redis: Engine
let fleet: Fleet
const limits = { LIMIT_READS_PER_ACCOUNT: '2', LIMIT_WRITES_PER_ACCOUNT: '2', LIMIT_AUTH_PER_ACCOUNT: '4' }

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  redis = stack.use(await engines.start('redis'))
  fleet = await startFleet(stack, { CACHE_URL: redis.url, ...limits })
})
afterEach(() => stack.disposeAsync())

async function person(claims: { userId?: string; sessionId?: string }) {
  const headers = await fleet.bearer(claims)
  return async (method: string, url = fleet.url) =>
    (await fetch(`${url}/v1/echo/x`, { method, headers })).status
}

async function signIn(url = fleet.url): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body: '{"login":"ada"}' })).status
}

async function inTurn(count: number, ask: () => Promise<number>): Promise<number[]> {
  const seen: number[] = []
  for (let i = 0; i < count; i += 1) seen.push(await ask())
  return seen
}

const report = z.object({ checks: z.object({ cache: z.string() }) })
const cacheState = async () => report.parse(await (await fetch(`${fleet.url}/readyz`)).json()).checks.cache

test('gateways on one Redis count together', async () => {
  const other = await fleet.startGateway()
  const call = await person({ userId: 'ada' })
  const urls = [fleet.url, other.url, fleet.url, other.url].values()
  expect(await inTurn(4, () => call('DELETE', urls.next().value))).toEqual([200, 200, 429, 429])
})

test.each(['killed', 'paused'] as const)(
  'with Redis %s reads pass, writes and a quarter of the sign-ins are counted here, and all is shared again after',
  async (fault) => {
    await (fault === 'killed' ? redis.kill() : redis.pause())
    const call = await person({ userId: 'ada' })
    expect(await inTurn(4, () => call('GET'))).toEqual([200, 200, 200, 200])
    expect(await inTurn(3, () => call('DELETE'))).toEqual([200, 200, 429])
    expect(await inTurn(2, signIn)).toEqual([200, 429])
    if (fault === 'killed') expect(await cacheState()).toBe('degraded')

    await (fault === 'killed' ? redis.restart() : redis.resume())
    await expect.poll(cacheState).toBe('up')
    const other = await fleet.startGateway()
    const bob = await person({ userId: 'bob' })
    await expect.poll(() => bob('DELETE')).toBe(200)
    const urls = [other.url, fleet.url].values()
    expect((await inTurn(2, () => bob('DELETE', urls.next().value))).at(-1)).toBe(429)
  },
)

test('a gateway starts without Redis', async () => {
  await redis.kill()
  const { url } = await fleet.startGateway()
  expect(await (await person({ userId: 'ada' }))('GET', url)).toBe(200)
})

test('an ended session is refused as soon as Redis tells, also after Redis was gone', async () => {
  const cache = await sharedCache(stack, redis.url)
  const first = await person({ sessionId: 'session-1' })
  const second = await person({ sessionId: 'session-2' })
  expect([await first('GET'), await second('GET')]).toEqual([200, 200])
  await fleet.identity.stop()
  const tell = (sessionId: string) =>
    cache.publish('revocations', JSON.stringify({ items: [fleet.identity.revoke(sessionId)] }))
  await tell('session-1')
  await expect.poll(() => first('GET')).toBe(401)
  await redis.restart()
  await expect
    .poll(async () => {
      await tell('session-2').catch(() => {})
      return second('GET')
    })
    .toBe(401)
})

test('an ended session is refused with Redis gone, since identity is asked', async () => {
  const call = await person({ sessionId: 'session-3' })
  expect(await call('GET')).toBe(200)
  await redis.kill()
  fleet.identity.revoke('session-3')
  await expect.poll(() => call('GET')).toBe(401)
})
