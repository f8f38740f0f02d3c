import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { context } from '../context/context.ts'
import { isTraceparent } from '../context/traceparent.ts'
import { createTestHost, createTestTokens, testSecret, testServiceTokens } from '../testing.ts'
import { createApp } from './create-app.ts'

const tokens = await createTestTokens()
const secret = testSecret()
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

/** Answers the context that its handler runs in, late in its work. */
async function echo() {
  const app = await createApp({
    name: 'echo',
    authorization: { ask: { student: 'own' } },
    host: createTestHost(),
    verifier: tokens.verifier,
    serviceTokens: testServiceTokens('echo', secret),
  })
  stack.adopt(app, (it) => it.close())
  const handler = async () => {
    await turn()
    return context.current()
  }
  const schema = { body: z.object({ text: z.string() }) }
  app.route({ method: 'POST', url: '/v1/ask', operation: 'ask', schema, handler })
  app.route({
    method: 'POST',
    url: '/internal/v1/ask',
    operation: 'askOurs',
    auth: 'service',
    schema,
    handler,
  })
  await app.ready()
  const person = { authorization: `Bearer ${await tokens.issue({ userId: 'ada' })}` }
  const service = { 'sandkeep-service': await testServiceTokens('gateway', secret).tokenFor('echo') }
  const ask = async (headers: Record<string, string>, url = '/v1/ask') => {
    const answer = await app.inject({ method: 'POST', url, headers, payload: { text: 'x' } })
    return { ...answer.json(), requestId: answer.headers['x-request-id'] }
  }
  return { ask, person, service }
}

test('what a handler does goes by the ids of its request and by who asked', async () => {
  const { ask, person } = await echo()
  const { requestId, ...seen } = await ask({ ...person, 'x-request-id': 'request-1' })
  expect(requestId).toBe('request-1')
  expect(seen).toMatchObject({ correlationId: 'request-1', actor: 'user:ada' })
  expect(isTraceparent(seen.traceparent)).toBe(true)
})

test('requests at one time do not see each other’s ids', async () => {
  const { ask, person } = await echo()
  const ids = Array.from({ length: 20 }, (_, n) => `request-${n}`)
  const seen = await Promise.all(ids.map((id) => ask({ ...person, 'x-request-id': id })))
  expect(seen.map((it) => it.correlationId)).toEqual(ids)
  expect(new Set(seen.map((it) => it.traceparent)).size).toBe(20)
})

test('a service of the fleet continues its trace with a new span, beside a person too', async () => {
  const { ask, person, service } = await echo()
  const ours = await ask({ ...service, traceparent }, '/internal/v1/ask')
  expect(ours).toMatchObject({ actor: 'service:gateway', traceparent: expect.stringContaining(traceId) })
  expect(ours.traceparent).not.toBe(traceparent)
  const forPerson = await ask({ ...service, ...person, traceparent })
  expect(forPerson).toMatchObject({ actor: 'user:ada', traceparent: expect.stringContaining(traceId) })
})

test.each([
  ['from outside', { traceparent }],
  ['with a forged token', { traceparent, 'sandkeep-service': 'abc.def.ghi' }],
  ['that is malformed', { traceparent: '00-xyz-b7ad6b7169203331-01' }],
  ['of zeros', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }],
])('a trace %s is replaced', async (_name, headers) => {
  const { ask, person } = await echo()
  const seen = await ask({ ...person, ...headers })
  expect(isTraceparent(seen.traceparent)).toBe(true)
  expect(seen.traceparent).not.toContain(traceId)
})

test.each([['short'], ['has blanks in it'], ['line\\nbreak'], ['x'.repeat(65)]])(
  'the request id %j is replaced',
  async (given) => {
    const { ask, person } = await echo()
    expect((await ask({ ...person, 'x-request-id': given })).requestId).toMatch(/^[\w-]{36}$/)
  },
)
