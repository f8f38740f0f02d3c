import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openHttpProxy } from './http-proxy.ts'

/** A server that keeps what is put and knows `if-none-match: *`, behind a proxy. */
async function openStore(stack: AsyncDisposableStack) {
  const kept = new Map<string, Buffer>()
  const asked: IncomingMessage['headers'][] = []
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '', method, headers } = request
    asked.push(headers)
    const body = await buffer(request)
    if (method === 'GET') return void response.end(kept.get(url))
    if (headers['if-none-match'] === '*' && kept.has(url)) return void response.writeHead(412).end()
    kept.set(url, body)
    response.setHeader('etag', createHash('md5').update(body).digest('hex')).end()
  }
  const server = createServer((request, response) => void serve(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stack.defer(() => void server.close().closeAllConnections())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const proxy = stack.use(await openHttpProxy(`http://127.0.0.1:${port}`))
  const put = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(new URL(path, proxy.url), { method: 'PUT', body, headers })
  const get = (path: string) => fetch(new URL(path, proxy.url))
  return { kept, asked, proxy, put, get }
}

const ifAbsent = { 'if-none-match': '*' }

test('without a fault requests and answers pass as they are', async () => {
  await using stack = new AsyncDisposableStack()
  const { asked, put, get } = await openStore(stack)
  const body = Buffer.alloc(3_000_000, 'abc')
  const answer = await put('/a%2Fb?x=1', body, { 'x-amz-meta-note': 'as it is' })
  expect([answer.status, answer.headers.get('etag')]).toEqual([
    200,
    createHash('md5').update(body).digest('hex'),
  ])
  expect(asked[0]).toMatchObject({ 'x-amz-meta-note': 'as it is' })
  expect(Buffer.from(await (await get('/a%2Fb?x=1')).arrayBuffer()).equals(body)).toBe(true)
  expect((await put('/a%2Fb?x=1', body, ifAbsent)).status).toBe(412)
})

test('a burst of 503 ends, and the server was not asked', async () => {
  await using stack = new AsyncDisposableStack()
  const { kept, proxy, put } = await openStore(stack)
  proxy.inject({ kind: 'refused', status: 503, body: '<Code>SlowDown</Code>' }, { times: 2 })
  const answers = [await put('/a', '1'), await put('/a', Buffer.alloc(1_000_000))]
  expect(answers.map((it) => it.status)).toEqual([503, 503])
  expect(await answers[0]?.text()).toBe('<Code>SlowDown</Code>')
  expect([kept.size, proxy.met()]).toEqual([0, 2])
  expect((await put('/a', '3')).status).toBe(200)
})

test('a server that fails after it accepted has done what was asked', async () => {
  await using stack = new AsyncDisposableStack()
  const { kept, proxy, put } = await openStore(stack)
  proxy.inject({ kind: 'failed-after', status: 500 })
  expect((await put('/a', 'kept')).status).toBe(500)
  expect(String(kept.get('/a'))).toBe('kept')
})

test('an error may come as the body of a success', async () => {
  await using stack = new AsyncDisposableStack()
  const { kept, proxy, put } = await openStore(stack)
  proxy.inject({ kind: 'error-body', body: '<Error/>' })
  const answer = await put('/a', '1')
  expect([answer.status, await answer.text(), kept.size]).toEqual([200, '<Error/>', 0])
})

test('an answer is lost after the work was done', async () => {
  await using stack = new AsyncDisposableStack()
  const { kept, proxy, put } = await openStore(stack)
  proxy.inject({ kind: 'lost-answer' }, { when: ({ method }) => method === 'PUT' })
  await expect(put('/a', 'kept')).rejects.toThrow('fetch failed')
  expect(String(kept.get('/a'))).toBe('kept')
})

test('an answer is torn', async () => {
  await using stack = new AsyncDisposableStack()
  const { proxy, put, get } = await openStore(stack)
  await put('/a', Buffer.alloc(1_000_000))
  proxy.inject({ kind: 'torn-answer', afterBytes: 300_000 })
  const answer = await get('/a')
  expect(answer.headers.get('content-length')).toBe('1000000')
  await expect(answer.arrayBuffer()).rejects.toThrow('terminated')
  proxy.heal()
  expect((await (await get('/a')).arrayBuffer()).byteLength).toBe(1_000_000)
})

test('conditional headers do not reach the server', async () => {
  await using stack = new AsyncDisposableStack()
  const { kept, proxy, put } = await openStore(stack)
  await put('/a', 'first')
  proxy.inject({ kind: 'dropped-headers', names: ['If-None-Match'] })
  expect((await put('/a', 'second', ifAbsent)).status).toBe(200)
  expect(String(kept.get('/a'))).toBe('second')
})

test('when the server is away, the client is told by a broken connection', async () => {
  await using stack = new AsyncDisposableStack()
  const proxy = stack.use(await openHttpProxy('s3://key:secret@bucket?region=x&endpoint=http://127.0.0.1:9'))
  const endpoint = new URL(proxy.url).searchParams.get('endpoint') ?? ''
  expect(proxy.url).toMatch(/^s3:\/\/key:secret@bucket\?region=x&endpoint=/)
  await expect(fetch(endpoint)).rejects.toThrow('fetch failed')
})
