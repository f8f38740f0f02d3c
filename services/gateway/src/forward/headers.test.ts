import { expect, test } from 'vitest'
import { forwardedHeaders, returnedHeaders } from './headers.ts'

function forwarded(
  headers: Record<string, string>,
  allowed = { cookies: false, bearer: true },
): Record<string, string> {
  const flat = forwardedHeaders(headers, allowed)
  const pairs = flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : [],
  )
  return Object.fromEntries(pairs)
}

test('what carries the meaning of a request is passed on', () => {
  const headers = {
    authorization: 'Bearer x',
    'content-type': 'application/json',
    'content-length': '2',
    'if-match': '"3"',
    'idempotency-key': 'k',
    'accept-language': 'de',
  }
  expect(forwarded(headers)).toEqual(headers)
})

test.each([
  'sandkeep-service',
  'x-user-id',
  'x-internal-role',
  'x-forwarded-for',
  'x-forwarded-host',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'x-http-method-override',
  'x-original-url',
  'host',
  'connection',
  'transfer-encoding',
  'upgrade',
  'expect',
  'proxy-authorization',
])('a client cannot send %s', (name) => {
  expect(forwarded({ [name]: 'forged' })).toEqual({})
})

test('credentials reach only a route that takes them', () => {
  const headers = { cookie: 'a=1', authorization: 'Bearer x' }
  expect(forwarded(headers, { cookies: false, bearer: false })).toEqual({})
  expect(forwarded(headers, { cookies: true, bearer: false })).toEqual({ cookie: 'a=1' })
  expect(forwarded(headers, { cookies: false, bearer: true })).toEqual({ authorization: 'Bearer x' })
})

test('a header named by Connection is hop-by-hop, unless the request would mean something else without it', () => {
  const headers = {
    connection: 'X-Hop, If-Match, Authorization',
    'x-hop': '1',
    'if-match': '"1"',
    authorization: 'Bearer x',
  }
  expect(forwarded(headers)).toEqual({ 'if-match': '"1"', authorization: 'Bearer x' })
})

test('an answer shows nothing of the inside', () => {
  const headers = {
    'content-type': 'text/plain',
    server: 'x',
    'sandkeep-cost': '1',
    'x-internal-node': 'a',
    etag: '"1"',
  }
  expect(returnedHeaders(headers)).toEqual({ 'content-type': 'text/plain', etag: '"1"' })
})

test('an answer keeps each of its cookies', () => {
  expect(returnedHeaders({ 'set-cookie': ['a=1', 'b=2'] })).toEqual({ 'set-cookie': ['a=1', 'b=2'] })
})
