import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Fleet, sharedCache, startFleet } from './fleet.ts'

let stack = new AsyncDisposableStack()
let fleet: Fleet
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  fleet = await startFleet(stack, { CACHE_URL: 'memory:revocation' })
})
afterEach(() => stack.disposeAsync())

async function person(sessionId: string) {
  const headers = await fleet.bearer({ sessionId })
  return async ({ method = 'GET', url = fleet.url } = {}) =>
    (await fetch(`${url}/v1/echo/x`, { method, headers })).status
}

/** The status of a call that is let through now, and as soon as it changes. */
const statusOf = (call: () => Promise<number>) => expect.poll(() => call(), { timeout: 10_000, interval: 10 })

test('an ended session is refused within a second when only identity knows', async () => {
  const call = await person('session-1')
  await statusOf(call).toBe(200)
  const before = fleet.identity.asked()
  fleet.identity.revoke('session-1')
  let lastLetThrough = 0
  for (let status = 200; status === 200; ) {
    const asked = fleet.identity.asked() - before
    status = await call()
    if (status === 200) lastLetThrough = asked
  }
  // It asks every half second; the second answer at the latest says so.
  expect(lastLetThrough).toBeLessThanOrEqual(2)
})

test('an ended session is refused as soon as the cache tells, with identity down', async () => {
  const cache = await sharedCache(stack, 'memory:revocation')
  const call = await person('session-2')
  await statusOf(call).toBe(200)
  const revoked = fleet.identity.revoke('session-2')
  await fleet.identity.stop()
  await cache.publish('revocations', JSON.stringify({ items: [revoked] }))
  expect(await call()).toBe(401)
})

test('the refusal says that the session has ended', async () => {
  fleet.identity.revoke('session-3')
  const headers = await fleet.bearer({ sessionId: 'session-3' })
  const refusal = async () => (await fetch(`${fleet.url}/v1/echo/x`, { headers })).json()
  await expect.poll(() => refusal()).toMatchObject({ status: 401, code: 'token_revoked' })
})

test('other sessions of the same person go on', async () => {
  const [ended, other] = [await person('session-4'), await person('session-5')]
  fleet.identity.revoke('session-4')
  await statusOf(ended).toBe(401)
  expect(await other()).toBe(200)
})

test('a gateway that starts knows what was revoked before', async () => {
  const call = await person('session-6')
  fleet.identity.revoke('session-6')
  const restarted = await fleet.startGateway()
  expect(await call({ url: restarted.url })).toBe(401)
})

test('a gateway that starts without identity is not ready and lets no token through', async () => {
  await fleet.identity.stop()
  const call = await person('session-7')
  const restarted = await fleet.openGateway()
  expect((await fetch(`${restarted.url}/readyz`)).status).toBe(503)
  expect(await call({ url: restarted.url })).toBe(503)
  expect((await fetch(`${restarted.url}/v1/open/x`)).status).toBe(200)
})

test('after five seconds of silence writes are refused, reads go on', async () => {
  const call = await person('session-8')
  expect(await call({ method: 'DELETE' })).toBe(200)
  await fleet.identity.stop()
  await expect.poll(() => call({ method: 'DELETE' }), { timeout: 10_000 }).toBe(503)
  expect(await call()).toBe(200)
  const report = await (await fetch(`${fleet.url}/readyz`)).json()
  expect(report).toMatchObject({ status: 'up', checks: { revocations: 'degraded' } })
})

test('a message that is none is passed over', async () => {
  const cache = await sharedCache(stack, 'memory:revocation')
  const call = await person('session-9')
  await statusOf(call).toBe(200)
  await cache.publish('revocations', '{"items":')
  await cache.publish('revocations', '{"items":[{"sessionId":5}]}')
  expect(await call()).toBe(200)
})
