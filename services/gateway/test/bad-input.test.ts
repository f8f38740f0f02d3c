import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
let before = 0
beforeAll(async () => {
  fleet = await startFleet(stack)
})
beforeEach(() => {
  before = fleet.echo.requests()
})
// Nothing of this may reach a service.
afterEach(() => expect(fleet.echo.requests()).toBe(before))
afterAll(() => stack.disposeAsync())

/** Sends bytes as they are, since clients mend what is wrong; answers all that comes back. */
async function sendRaw(...lines: string[]): Promise<{ status: number; body: string }> {
  const socket = connect(Number(new URL(fleet.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), body: text.split('\r\n\r\n')[1] ?? '' }
}

const get = (target: string, ...headers: string[]) =>
  sendRaw(`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers)

test.each([
  '/v1/open/../../internal/v1/revocations',
  '/v1/open/%2e%2e/%2e%2e/internal/v1/revocations',
  '/v1/open//x',
  '/v1/open/x%5c..%5cy',
  '/v1/open/%00',
  '/v1/open/%0d%0aHost:x',
  '/v1/open/./x',
])('a path that two readers could read differently is refused: %s', async (target) => {
  const { status, body } = await get(target)
  expect(JSON.parse(body)).toMatchObject({ status, code: 'ambiguous_path' })
  expect(status).toBe(400)
})

test.each([
  '//internal/v1/revocations',
  '/V1/open/x',
  'http://identity/internal/v1/revocations',
  '/v1/open/%zz',
  '/',
])('what is no address of ours leads nowhere: %s', async (target) => {
  const { status } = await get(target)
  expect(status).toBeGreaterThanOrEqual(300)
  expect(status).toBeLessThan(500)
})

test('a read with a body is refused', async () => {
  const { status, body } = await sendRaw(
    'GET /v1/open/x HTTP/1.1',
    'Host: x',
    'Connection: close',
    'Content-Length: 2',
    '',
    '{}',
  )
  expect(JSON.parse(body)).toMatchObject({ status, code: 'body_not_allowed' })
})

test.each([
  ['two lengths', ['Content-Length: 1', 'Content-Length: 2']],
  ['a length and chunks', ['Content-Length: 1', 'Transfer-Encoding: chunked']],
  ['a length that is none', ['Content-Length: -1']],
  ['chunks that are none', ['Transfer-Encoding: gzip, identity']],
  ['a name with a space', ['Content-Length : 1']],
])('a body whose end is unclear is refused: %s', async (_name, headers) => {
  const { status } = await sendRaw(
    'POST /v1/open/x HTTP/1.1',
    'Host: x',
    'Connection: close',
    ...headers,
    '',
    'x',
  )
  expect(status).toBe(400)
})

test('headers without end are refused', async () => {
  expect((await get('/v1/open/x', `X-Long: ${'x'.repeat(40_000)}`)).status).toBe(431)
})

test.each(['TRACE', 'CONNECT', 'PROPFIND', 'NONSENSE'])('the method %s is refused', async (method) => {
  const { status } = await sendRaw(`${method} /v1/open/x HTTP/1.1`, 'Host: x', 'Connection: close')
  expect([400, 404, 405]).toContain(status || 400)
})

test('a request without a host is refused', async () => {
  expect((await sendRaw('GET /v1/open/x HTTP/1.1', 'Connection: close')).status).toBe(400)
})

test('what is no HTTP is refused', async () => {
  expect((await sendRaw('hello')).status).toBe(400)
})
