import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineAuthorization } from '../auth/authorization.ts'
import { createTestHost, createTestTokens, testSecret, testServiceTokens } from '../testing.ts'
import { requireAccess } from './access.ts'
import { createApp } from './create-app.ts'
import { openApiDocument } from './openapi.ts'

const tokens = await createTestTokens()
const secret = testSecret()
const authorization = defineAuthorization({
  getNote: { student: 'own', admin: 'any' },
  addNote: { student: 'own' },
})
const note = z
  .object({ id: z.string(), at: z.iso.datetime(), extra: z.json().optional() })
  .meta({ id: 'Note' })

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

async function notes() {
  const app = await createApp({
    name: 'notes',
    authorization,
    host: createTestHost(),
    verifier: tokens.verifier,
    serviceTokens: testServiceTokens('notes', secret),
  })
  stack.adopt(app, (it) => it.close())
  app.route({
    method: 'GET',
    url: '/v1/notes/:owner',
    operation: 'getNote',
    schema: { params: z.object({ owner: z.string() }), response: { 200: note } },
    handler: async (request) => {
      requireAccess(request, { ownerId: request.params.owner })
      const answer = { id: request.params.owner, at: '2026-01-01T00:00:00.000Z', secret: 'not declared' }
      return { ...answer, extra: { deep: [1, { more: null }] } }
    },
  })
  app.route({
    method: 'POST',
    url: '/v1/notes',
    operation: 'addNote',
    schema: {
      body: z.strictObject({ text: z.string().min(1), when: z.int().optional() }),
      response: { 200: note },
    },
    handler: async () => {
      throw new Error('select * from secrets')
    },
  })
  app.route({
    method: 'GET',
    url: '/internal/v1/trace',
    operation: 'trace',
    auth: 'service',
    schema: { response: { 200: z.object({ traceparent: z.string(), caller: z.string() }) } },
    handler: async (request) => ({
      traceparent: request.traceparent,
      caller: request.caller.kind === 'service' ? request.caller.name : 'nobody',
    }),
  })
  await app.ready()
  return app
}

const as = async (userId: string, role: 'student' | 'instructor' | 'admin' = 'student') => ({
  authorization: `Bearer ${await tokens.issue({ userId, role })}`,
})

test('an answer holds what its schema declares and nothing else', async () => {
  const app = await notes()
  const answer = await app.inject({ url: '/v1/notes/ada', headers: await as('ada') })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toEqual({
    id: 'ada',
    at: '2026-01-01T00:00:00.000Z',
    extra: { deep: [1, { more: null }] },
  })
})

test('an object of somebody else does not exist, unless the role may see all', async () => {
  const app = await notes()
  const foreign = await app.inject({ url: '/v1/notes/ada', headers: await as('bob') })
  expect(foreign.json()).toMatchObject({ status: 404, code: 'not_found' })
  const admin = await app.inject({ url: '/v1/notes/ada', headers: await as('bob', 'admin') })
  expect(admin.statusCode).toBe(200)
})

test('a role that the matrix does not name is refused', async () => {
  const app = await notes()
  const answer = await app.inject({ url: '/v1/notes/ada', headers: await as('ada', 'instructor') })
  expect(answer.json()).toMatchObject({ status: 403, code: 'operation_forbidden' })
})

test.each([
  ['without a token', {}, 'token_missing'],
  ['with a token that is none', { authorization: 'Bearer abc.def.ghi' }, 'token_invalid'],
])('a request %s is refused', async (_name, headers, code) => {
  const app = await notes()
  const answer = await app.inject({ url: '/v1/notes/ada', headers })
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.json()).toMatchObject({ status: 401, code })
})

test('an expired token is told apart from a wrong one', async () => {
  const app = await notes()
  const token = await tokens.issue({ userId: 'ada', lifetimeSeconds: -60 })
  const answer = await app.inject({ url: '/v1/notes/ada', headers: { authorization: `Bearer ${token}` } })
  expect(answer.json()).toMatchObject({ status: 401, code: 'token_expired' })
})

test('every wrong field is named, unknown ones too', async () => {
  const app = await notes()
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/notes',
    headers: await as('ada'),
    payload: { text: '', when: 'soon', 'a/b': 1 },
  })
  expect(answer.json()).toMatchObject({ status: 400, code: 'request_invalid' })
  expect(
    answer
      .json()
      .errors.map((it: { pointer: string }) => it.pointer)
      .sort(),
  ).toEqual(['/a~1b', '/text', '/when'])
})

test.each([
  ['broken JSON', '{', 'application/json', 400, 'json_malformed'],
  ['a poisoned prototype', '{"__proto__":{"x":1}}', 'application/json', 400, 'json_malformed'],
  ['a media type that is not taken', 'x', 'text/csv', 415, 'media_type_not_supported'],
  ['an empty body', '', 'application/json', 400, 'body_missing'],
  ['a body that is too large', `"${'x'.repeat(1_100_000)}"`, 'application/json', 413, 'body_too_large'],
  [
    'a body that is too deep',
    '['.repeat(5_000) + ']'.repeat(5_000),
    'application/json',
    400,
    'body_too_deep',
  ],
])('%s is a problem with its own code', async (_name, payload, type, status, code) => {
  const app = await notes()
  const headers = { ...(await as('ada')), 'content-type': type }
  const answer = await app.inject({ method: 'POST', url: '/v1/notes', headers, payload })
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.json()).toMatchObject({ status, code })
})

test('what went wrong inside does not leave', async () => {
  const app = await notes()
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/notes',
    headers: await as('ada'),
    payload: { text: 'x' },
  })
  expect(answer.json()).toMatchObject({ status: 500, code: 'internal_error' })
  expect(answer.body).not.toContain('secrets')
})

test('an unknown route is a 404 that asks for no token', async () => {
  const app = await notes()
  expect((await app.inject('/v1/nothing')).json()).toMatchObject({ status: 404, code: 'route_not_found' })
})

test('a trace is continued only for a service of the fleet', async () => {
  const app = await notes()
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const token = await testServiceTokens('gateway', secret).tokenFor('notes')
  const ours = await app.inject({
    url: '/internal/v1/trace',
    headers: { traceparent, 'sandkeep-service': token },
  })
  expect(ours.json()).toMatchObject({
    caller: 'gateway',
    traceparent: expect.stringContaining('0af7651916cd43dd8448eb211c80319c'),
  })
  const stranger = await app.inject({ url: '/v1/notes/ada', headers: { ...(await as('bob')), traceparent } })
  expect(stranger.json().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c')
})

test('a service token for another service is refused', async () => {
  const app = await notes()
  const token = await testServiceTokens('gateway', secret).tokenFor('identity')
  const answer = await app.inject({ url: '/internal/v1/trace', headers: { 'sandkeep-service': token } })
  expect(answer.json()).toMatchObject({ status: 401, code: 'service_token_invalid' })
})

test('a route without an auth rule keeps the service from starting', async () => {
  const app = await createApp({ name: 'open', authorization: {}, host: createTestHost() })
  app.route({ method: 'GET', url: '/v1/open', operation: 'getOpen', handler: async () => 'hi' })
  await expect(app.ready()).rejects.toThrow('GET /v1/open has no auth rule')
})

test('the document names each operation, its schema and its problem, and no health route', async () => {
  const document = openApiDocument(await notes())
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual(['/v1/notes/{owner}', '/v1/notes', '/internal/v1/trace'])
  expect(document.paths['/v1/notes/{owner}']?.['get']).toMatchObject({
    operationId: 'getNote',
    security: [{ person: [] }],
    responses: {
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } },
    },
  })
  expect(Object.keys(document.components?.['schemas'] ?? {})).not.toContain('NoteInput')
})

test('health and metrics answer without a token', async () => {
  const app = await notes()
  expect((await app.inject('/livez')).statusCode).toBe(200)
  expect((await app.inject('/readyz')).statusCode).toBe(503)
  expect((await app.inject('/metrics')).body).toContain('http_request_seconds')
})
