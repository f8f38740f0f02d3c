import { expect, test } from 'vitest'
import { createPatientFetch } from './patient-fetch.ts'
import { createSession, type TokenAnswer } from './session.ts'

type Answer = Response | Error
const busy = () => new Response(null, { status: 503, headers: { 'retry-after': '0' } })
const ok = () => new Response('{}')

function client(answers: Answer[], { signedIn = false, renewed = null as TokenAnswer | null } = {}) {
  const sent: { method: string; key: string | null; bearer: string | null; body: string }[] = []
  const tokens = signedIn
    ? { accessToken: 'first', refreshToken: 'r', expiresAt: Number.MAX_SAFE_INTEGER }
    : undefined
  const fetch = createPatientFetch({
    session: createSession({ tokens, refresh: async () => renewed }),
    fetch: async (request) => {
      const { headers, method } = request
      const body = await request.text()
      sent.push({ method, key: headers.get('idempotency-key'), bearer: headers.get('authorization'), body })
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new Error('no answer left')
    },
  })
  const call = (method: string, init: RequestInit = {}) =>
    fetch(new Request('http://localhost/', { method, ...init }))
  return { call, sent }
}

test('a POST keeps its key and its body over all attempts', async () => {
  const { call, sent } = client([busy(), new Error('reset'), ok()])
  expect((await call('POST', { body: '{"a":1}' })).status).toBe(200)
  expect(sent).toHaveLength(3)
  expect(sent[0]?.key).toMatch(/^[\w-]{36}$/)
  expect(new Set(sent.map(({ key, body }) => `${key} ${body}`)).size).toBe(1)
})

test('two POSTs have two keys, and a key of the caller is kept', async () => {
  const { call, sent } = client([ok(), ok(), ok()])
  await call('POST')
  await call('POST')
  await call('POST', { headers: { 'idempotency-key': 'mine' } })
  expect(new Set(sent.map(({ key }) => key)).size).toBe(3)
  expect(sent[2]?.key).toBe('mine')
})

test('a write without a key is not repeated when the connection breaks', async () => {
  const { call, sent } = client([new Error('reset'), ok()])
  await expect(call('PUT', { body: 'x' })).rejects.toThrow('reset')
  expect(sent).toHaveLength(1)
})

test.each([
  [429, 'DELETE', 2],
  [502, 'GET', 2],
  [504, 'POST', 2],
  [504, 'PUT', 1],
  [500, 'GET', 1],
])('after %d a %s is sent %d times in all', async (status, method, times) => {
  const refusal = new Response(null, { status, headers: { 'retry-after': '0' } })
  const { call, sent } = client([refusal, ok()])
  await call(method)
  expect(sent).toHaveLength(times)
})

test('patience ends: the last answer is handed back', async () => {
  const { call, sent } = client([busy(), busy(), busy()])
  expect((await call('GET')).status).toBe(503)
  expect(sent).toHaveLength(3)
})

test('a long Retry-After is not waited for', async () => {
  const { call, sent } = client([new Response(null, { status: 503, headers: { 'retry-after': '60' } })])
  expect((await call('GET')).status).toBe(503)
  expect(sent).toHaveLength(1)
})

test('a refused bearer is renewed once and the call repeated', async () => {
  const renewed = { accessToken: 'second', expiresInSeconds: 300 }
  const { call, sent } = client([new Response(null, { status: 401 }), ok()], { signedIn: true, renewed })
  expect((await call('POST', { body: 'x' })).status).toBe(200)
  expect(sent.map(({ bearer, body }) => `${bearer} ${body}`)).toEqual(['Bearer first x', 'Bearer second x'])
  expect(sent[0]?.key).toBe(sent[1]?.key)
})

test('a session that cannot be renewed hands the 401 back', async () => {
  const { call, sent } = client([new Response(null, { status: 401 })], { signedIn: true })
  expect((await call('GET')).status).toBe(401)
  expect(sent).toHaveLength(1)
})

test('nobody signed in: no bearer, and a 401 is handed back', async () => {
  const { call, sent } = client([new Response(null, { status: 401 })])
  expect((await call('GET')).status).toBe(401)
  expect(sent[0]?.bearer).toBeNull()
})
