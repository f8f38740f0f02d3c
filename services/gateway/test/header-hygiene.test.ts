import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoSchema } from './echo.ts'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack, { TRUSTED_PROXIES: '10.9.9.9' })
})
afterAll(() => stack.disposeAsync())

/** What reached the service. Sent by hand, since fetch keeps some headers to itself. */
async function arrives(path: string, headers: Record<string, string>) {
  const sent = request(`${fleet.url}${path}`, { headers })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  sent.once('response', (answer) => resolve(json(answer))).once('error', reject)
  sent.end()
  return echoSchema.parse(await promise)
}

test.each([
  'x-user-id',
  'x-user-role',
  'x-internal-service',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'true-client-ip',
  'x-original-url',
  'x-http-method-override',
  'baggage',
  'te',
])('a client cannot send %s to a service', async (name) => {
  const { headers } = await arrives('/v1/open/x', { [name]: 'forged' })
  expect(headers).not.toHaveProperty(name)
})

test('a client cannot pass for a service', async () => {
  const { headers } = await arrives('/v1/open/x', { 'sandkeep-service': 'forged' })
  expect(headers['sandkeep-service']).toMatch(/^eyJ/)
})

test('a client cannot choose the address it counts as', async () => {
  const { address, headers } = await arrives('/v1/open/x', { 'x-forwarded-for': '203.0.113.9' })
  expect(address).toBe('127.0.0.1')
  expect(headers['x-forwarded-for']).toBe('127.0.0.1')
})

test('a proxy that is trusted says for whom it asks', async () => {
  const behind = await fleet.startGateway({ TRUSTED_PROXIES: '127.0.0.1' })
  const answer = await fetch(`${behind.url}/v1/open/x`, { headers: { 'x-forwarded-for': '203.0.113.9' } })
  expect(await answer.json()).toMatchObject({ address: '203.0.113.9' })
})

test('a client cannot continue a trace, but the service continues that of the gateway', async () => {
  const forged = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const { headers, traceparent } = await arrives('/v1/open/x', { traceparent: forged })
  const traceId = (text = '') => text.split('-')[1]
  expect(traceId(headers['traceparent'])).not.toBe('a'.repeat(32))
  expect(traceId(traceparent)).toBe(traceId(headers['traceparent']))
})

test('a request id that is not one is replaced', async () => {
  const { id } = await arrives('/v1/open/x', { 'x-request-id': 'a b;c' })
  expect(id).toMatch(/^[\w-]{36}$/)
})

test('Connection cannot name away what the gateway says', async () => {
  const { headers } = await arrives('/v1/open/x', {
    connection: 'close, sandkeep-service, x-forwarded-for, x-hop',
    'x-hop': '1',
  })
  expect(headers).not.toHaveProperty('x-hop')
  expect(headers['sandkeep-service']).toMatch(/^eyJ/)
  expect(headers['x-forwarded-for']).toBe('127.0.0.1')
})

test('cookies reach the sign-in routes alone', async () => {
  const bearer = await fleet.bearer()
  expect((await arrives('/v1/echo/x', { ...bearer, cookie: 'a=1' })).headers).not.toHaveProperty('cookie')
  const headers = { cookie: 'a=1', 'content-type': 'application/json' }
  const answer = await fetch(`${fleet.url}/v1/auth/login`, { method: 'POST', headers, body: '{}' })
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await answer.json()).toMatchObject({ headers: { cookie: 'a=1' } })
})

test('an answer shows nothing of the inside', async () => {
  const answer = await fetch(`${fleet.url}/v1/open/bare`, { headers: { 'x-request-id': 'my-request-1' } })
  const names = [...answer.headers.keys()]
  expect(names).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(server|x-internal-.*|sandkeep-.*)$/)]),
  )
  expect(answer.headers.get('x-request-id')).toBe('my-request-1')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
})
