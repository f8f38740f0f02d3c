import { expect, test } from 'vitest'
import { forwardedHeaders, returnedHeaders } from './headers.ts'

function forwarded(headers: Record<string, string>, cookies = false): Record<string, string> {
  const flat = forwardedHeaders(headers, { cookies })
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

test('a cookie reaches only a route that takes cookies', () => {
  expect(forwarded({ cookie: 'a=1' })).toEqual({})
  expect(forwarded({ cookie: 'a=1' }, true)).toEqual({ cookie: 'a=1' })
})

test('a header named by Connection is hop-by-hop, unless the request would mean something else without it', () => {
  const headers = { connection: 'X-Hop, Authorization', 'x-hop': '1', authorization: 'Bearer x' }
  expect(forwarded(headers)).toEqual({ authorization: 'Bearer x' })
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
