import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack)
})
afterAll(() => stack.disposeAsync())

async function statuses(count: number, ask: () => Promise<Response>): Promise<number[]> {
  const seen: number[] = []
  for (let i = 0; i < count; i += 1) seen.push((await ask()).status)
  return seen
}

function login(url: string, name: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body: JSON.stringify({ login: name }) })
}

test('an account that reads too much is told when to come back; others are not affected', async () => {
  const { url } = await fleet.startGateway({ LIMIT_READS_PER_ACCOUNT: '2' })
  const ada = await fleet.bearer({ userId: 'ada' })
  const read = (headers: Record<string, string>) => fetch(`${url}/v1/echo/x`, { headers })
  const first = await read(ada)
  expect(first.headers.get('ratelimit-policy')).toBe('"reads";q=2;w=60')
  expect(first.headers.get('ratelimit')).toBe('"reads";r=1')
  expect((await read(ada)).status).toBe(200)
  const refused = await read(ada)
  expect(await refused.json()).toMatchObject({ status: 429, code: 'rate_limited', instance: '/v1/echo/x' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit')).toMatch(/^"reads";r=0;t=\d+$/)
  expect((await read(await fleet.bearer({ userId: 'bob' }))).status).toBe(200)
})

test('reads do not use up writes', async () => {
  const { url } = await fleet.startGateway({ LIMIT_READS_PER_ACCOUNT: '1', LIMIT_WRITES_PER_ACCOUNT: '1' })
  const headers = await fleet.bearer({ userId: 'ada' })
  const call = (method: string) => fetch(`${url}/v1/echo/x`, { method, headers })
  expect(await statuses(2, () => call('GET'))).toEqual([200, 429])
  expect(await statuses(2, () => call('DELETE'))).toEqual([200, 429])
})

test('sign-ins are limited for one account, however its name is written', async () => {
  const { url } = await fleet.startGateway({ LIMIT_AUTH_PER_ACCOUNT: '2' })
  expect((await login(url, 'Ada')).status).toBe(200)
  expect((await login(url, ' ada ')).status).toBe(200)
  expect((await login(url, 'ADA')).status).toBe(429)
  expect((await login(url, 'bob')).status).toBe(200)
})

test('sign-ins are limited for one address, whatever account they name', async () => {
  const { url } = await fleet.startGateway({ LIMIT_AUTH_PER_ADDRESS: '2' })
  const names = ['a', 'b', 'c'].values()
  expect(await statuses(3, () => login(url, names.next().value ?? ''))).toEqual([200, 200, 429])
})

test('an address without a token is limited too, and so is guessing tokens', async () => {
  const { url } = await fleet.startGateway({ LIMIT_REQUESTS_PER_ADDRESS: '2' })
  const guess = () => fetch(`${url}/v1/echo/x`, { headers: { authorization: 'Bearer a.b.c' } })
  expect(await statuses(3, guess)).toEqual([401, 401, 429])
})

test('what is refused does not reach the service', async () => {
  const { url } = await fleet.startGateway({ LIMIT_REQUESTS_PER_ADDRESS: '1' })
  const before = fleet.echo.requests()
  expect(await statuses(3, () => fetch(`${url}/v1/open/x`))).toEqual([200, 429, 429])
  expect(fleet.echo.requests()).toBe(before + 1)
})

test('all gateways on one cache count together', async () => {
  const env = { CACHE_URL: 'memory:limits', LIMIT_REQUESTS_PER_ADDRESS: '2' }
  const [one, other] = [await fleet.startGateway(env), await fleet.startGateway(env)]
  const urls = [one.url, other.url, one.url, other.url].values()
  expect(await statuses(4, () => fetch(`${urls.next().value}/v1/open/x`))).toEqual([200, 200, 429, 429])
})
