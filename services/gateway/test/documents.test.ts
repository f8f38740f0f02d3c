import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack)
})
afterAll(() => stack.disposeAsync())

const shape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.json())),
  components: z.record(z.string(), z.record(z.string(), z.json())),
})
const read = async (url = fleet.url) => shape.parse(await (await fetch(`${url}/openapi.json`)).json())

test('the merged document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(await read())).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the merged document is the same whichever gateway is asked', async () => {
  const other = await fleet.startGateway()
  expect(JSON.stringify(await read(other.url))).toBe(JSON.stringify(await read()))
})

test('the document holds the public routes of all services and the gateway, and nothing internal', async () => {
  const { paths, components } = await read()
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/v1/auth/login', '/v1/me', '/v1/me/overview', '/v1/sandboxes']),
  )
  expect(Object.keys(paths).filter((it) => !/^\/(v1|\.well-known)\//.test(it))).toEqual([])
  expect(Object.keys(components['securitySchemes'] ?? {})).toEqual(['person'])
})

test('the document says which routes need a token', async () => {
  const { paths } = await read()
  expect(paths['/v1/me/overview']?.['get']).toMatchObject({ security: [{ person: [] }] })
  expect(paths['/v1/auth/login']?.['post']).toMatchObject({ security: [] })
})

test('without a service that was never described there is no document, rather than half of one', async () => {
  const alone = await fleet.startGateway({ SANDBOX_URL: 'http://127.0.0.1:1' })
  const answer = await fetch(`${alone.url}/openapi.json`)
  expect(await answer.json()).toMatchObject({ status: 503, code: 'service_unavailable' })
})

test('who opens the address in a browser comes to the documentation', async () => {
  const answer = await fetch(fleet.url)
  expect(answer.url).toBe(`${fleet.url}/docs/`)
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
})

test('the overview holds what the services answer for the person', async () => {
  const headers = await fleet.bearer({ userId: 'ada' })
  const answer = await fetch(`${fleet.url}/v1/me/overview`, { headers })
  expect(await answer.json()).toEqual({
    parts: {
      me: { status: 'ok', data: { id: 'ada' } },
      sessions: { status: 'ok', data: { items: [] } },
      sandboxes: { status: 'ok', data: { items: [{ id: 'one' }] } },
    },
  })
})

test('the overview without one of the services says which part is missing', async () => {
  const alone = await fleet.startGateway({ SANDBOX_URL: 'http://127.0.0.1:1' })
  const answer = await fetch(`${alone.url}/v1/me/overview`, { headers: await fleet.bearer() })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    parts: { me: { status: 'ok' }, sandboxes: { status: 'unavailable', code: 'upstream_unavailable' } },
  })
})

test('the overview is for whoever is signed in', async () => {
  const answer = await fetch(`${fleet.url}/v1/me/overview`)
  expect(await answer.json()).toMatchObject({ status: 401, code: 'authentication_required' })
})

test('the metrics are for the own network alone, and tell routes by their template', async () => {
  await fetch(`${fleet.url}/v1/open/x`)
  const inside = await (await fetch(`${fleet.url}/metrics`)).text()
  expect(inside).toContain('route="/v1/open/*",status="200"')
  expect(inside).toMatch(/^gateway_revocations_silent_seconds 0\.\d+$/m)
  expect(inside).toContain('gateway_upstream_requests{service="sandbox"} 0')
  const outside = await fetch(`${fleet.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })
  expect(await outside.json()).toMatchObject({ status: 404, code: 'route_not_found' })
})
