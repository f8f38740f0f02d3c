import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoSchema } from './echo.ts'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack)
})
afterAll(() => stack.disposeAsync())

const call = (path: string, init: RequestInit = {}) => fetch(`${fleet.url}${path}`, init)
const echo = async (path: string, init: RequestInit = {}) =>
  echoSchema.parse(await (await call(path, init)).json())

test.each(['GET', 'DELETE'])('a %s reaches its service with path and query as they are', async (method) => {
  const said = await echo('/v1/echo/a%20b?q=%2F&q=2', { method, headers: await fleet.bearer() })
  expect(said).toMatchObject({ method, url: '/v1/echo/a%20b?q=%2F&q=2' })
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('the body of a %s reaches its service', async (method) => {
  const headers = { ...(await fleet.bearer()), 'content-type': 'application/json' }
  expect(await echo('/v1/echo/x', { method, headers, body: '{"a":[1]}' })).toMatchObject({ body: { a: [1] } })
})

test('a body that was looked into for its account reaches its service whole', async () => {
  const body = JSON.stringify({ login: 'ada', password: 'é'.repeat(500) })
  const headers = { 'content-type': 'application/json' }
  const said = await echo('/v1/auth/login', { method: 'POST', headers, body })
  expect(said.body).toEqual(JSON.parse(body))
})

test('HEAD is answered without a body', async () => {
  const answer = await call('/.well-known/jwks.json', { method: 'HEAD' })
  expect([answer.status, await answer.text()]).toEqual([200, ''])
})

test.each(['/internal/v1/revocations', '/v1/internal', '/v1/echoes', '/.well-known/other'])(
  'what the table does not name is not found: %s',
  async (path) => {
    const before = fleet.echo.requests()
    const answer = await call(path, { headers: await fleet.bearer({ role: 'admin' }) })
    expect(await answer.json()).toMatchObject({ status: 404, code: 'route_not_found', instance: path })
    expect(fleet.echo.requests()).toBe(before)
  },
)

test('the refusal of a service is passed on as it is', async () => {
  const refused = await call('/v1/me', { method: 'DELETE', headers: await fleet.bearer() })
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(await refused.json()).toMatchObject({ status: 404, code: 'route_not_found', instance: '/v1/me' })
})

test.each(['student', 'instructor', 'admin'] as const)(
  'a %s passes a route that needs a token',
  async (role) => {
    expect((await call('/v1/echo/x', { headers: await fleet.bearer({ role }) })).status).toBe(200)
  },
)

test.each([
  ['without a token', undefined, 'authentication_required'],
  ['with another scheme', 'Basic YTpi', 'malformed_authorization'],
  ['with two tokens', 'Bearer a.b.c, Bearer d.e.f', 'malformed_authorization'],
  ['with a token that is none', 'Bearer a.b.c', 'token_invalid'],
])('a request %s does not reach the service', async (_name, authorization, code) => {
  const before = fleet.echo.requests()
  const answer = await call('/v1/echo/x', { headers: authorization === undefined ? {} : { authorization } })
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  expect(await answer.json()).toMatchObject({ status: 401, code })
  expect(fleet.echo.requests()).toBe(before)
})

test('the token of somebody who forged the signature is refused', async () => {
  const { authorization } = await fleet.bearer({ role: 'student' })
  const [head = '', , signature = ''] = authorization.split('.')
  const claims = Buffer.from(JSON.stringify({ role: 'admin', sub: 'x' })).toString('base64url')
  const answer = await call('/v1/echo/x', { headers: { authorization: `${head}.${claims}.${signature}` } })
  expect(await answer.json()).toMatchObject({ status: 401, code: 'token_invalid' })
})

test('an open route needs no token, and does not see one', async () => {
  const said = await echo('/v1/open/x', { headers: { authorization: 'Bearer whatever' } })
  expect(said.headers).not.toHaveProperty('authorization')
})

test('a request keeps its id from the client to the service and back', async () => {
  const answer = await call('/v1/open/x', { headers: { 'x-request-id': 'my-request-1' } })
  expect(answer.headers.get('x-request-id')).toBe('my-request-1')
  expect(await answer.json()).toMatchObject({ id: 'my-request-1' })
})

test('pages of an allowed origin may read answers, of other origins not', async () => {
  const other = await fleet.startGateway({ CORS_ORIGINS: 'https://app.example' })
  const ask = (origin: string) => fetch(`${other.url}/v1/open/x`, { headers: { origin } })
  const allowed = await ask('https://app.example')
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  const preflight = await fetch(`${other.url}/v1/echo/x`, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'PATCH' },
  })
  expect(preflight.status).toBe(204)
})
