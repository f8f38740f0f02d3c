import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { hasBody, relayBody } from './body-relay.ts'
import { UpstreamError } from './forward-errors.ts'
import { callLane, type LaneOptions, openUpstream, transferLane } from './upstream.ts'

let stack = new AsyncDisposableStack()

afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

/** A gateway that does nothing but forward. */
async function front(url: string, lane: Partial<LaneOptions> = {}) {
  const upstream = stack.use(
    openUpstream('echo', url, { call: { ...callLane, ...lane }, transfer: transferLane }),
  )
  const gateway = await serve((request, response) => {
    const { method = '', url: path = '' } = request
    const body = hasBody(request) ? { body: relayBody(request, 1_000_000) } : {}
    upstream
      .send('call', { path, method, ...body, response, onHead: (headers) => headers })
      .catch((error: unknown) => {
        const { status, code } = error instanceof UpstreamError ? error : { status: 500, code: String(error) }
        response.writeHead(status, { connection: 'close' }).end(code)
      })
  })
  return { gateway, upstream }
}

test('an answer is passed on with its status, headers and body', async () => {
  const url = await serve((request, response) => {
    response
      .writeHead(201, { location: '/x', 'content-type': 'text/plain' })
      .end(`${request.method} ${request.url}`)
  })
  const { gateway } = await front(url)
  const answer = await fetch(`${gateway}/v1/x?y=1`, { method: 'DELETE' })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('location')).toBe('/x')
  expect(await answer.text()).toBe('DELETE /v1/x?y=1')
})

test('a body is streamed both ways without being held', async () => {
  const url = await serve((request, response) => void request.pipe(response))
  const { gateway } = await front(url)
  const body = Buffer.alloc(900_000, 'x')
  const answer = await fetch(gateway, { method: 'POST', body })
  expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true)
})

test('a service that cannot be reached is a 503', async () => {
  const { gateway } = await front('http://127.0.0.1:1')
  const answer = await fetch(gateway, { method: 'POST', body: 'x' })
  expect([answer.status, await answer.text()]).toEqual([503, 'upstream_unavailable'])
})

test('a service that does not answer in time is a 504', async () => {
  const { gateway, upstream } = await front(await serve(() => undefined), { deadlineMs: 50 })
  const answer = await fetch(gateway)
  expect([answer.status, await answer.text()]).toEqual([504, 'upstream_timeout'])
  expect(upstream.inFlight()).toBe(0)
})

test('a write that breaks off is a 502 and is not sent again', async () => {
  let requests = 0
  const { gateway } = await front(
    await serve((request) => {
      requests += 1
      request.socket.destroy()
    }),
  )
  const answer = await fetch(gateway, { method: 'POST', body: 'x' })
  expect([answer.status, requests]).toEqual([502, 1])
})

test('a read that breaks off is asked once more', async () => {
  let requests = 0
  const { gateway } = await front(
    await serve((request, response) => {
      requests += 1
      if (requests === 1) request.socket.destroy()
      else response.end('second')
    }),
  )
  expect(await (await fetch(gateway)).text()).toBe('second')
  expect(requests).toBe(2)
})

test('an answer that breaks off in the middle breaks off at the client', async () => {
  const { gateway } = await front(
    await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half')
      setImmediate(() => response.destroy())
    }),
  )
  const answer = await fetch(gateway)
  await expect(answer.text()).rejects.toThrow()
})

test('a client that goes away takes its request with it', async () => {
  const closed = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const url = await serve((_request, response) => {
    reached.resolve()
    response.once('close', closed.resolve)
  })
  const { gateway, upstream } = await front(url)
  const client = connect(Number(new URL(gateway).port), '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await reached.promise
  client.destroy()
  await closed.promise
  await expect.poll(() => upstream.inFlight()).toBe(0)
})

test('an upload that the service refuses early still shows its answer', async () => {
  const url = await serve((request, response) => {
    request.resume()
    response.writeHead(403).end('no')
  })
  const { gateway } = await front(url)
  const endless = Readable.from(Array.from({ length: 10 }, () => Buffer.alloc(65_536)))
  const answer = await fetch(gateway, {
    method: 'POST',
    body: Readable.toWeb(endless) as ReadableStream,
    duplex: 'half',
  })
  expect([answer.status, await answer.text()]).toEqual([403, 'no'])
})

test('more requests than a lane takes are refused at once', async () => {
  const { gateway, upstream } = await front(await serve(() => undefined), {
    maxInFlight: 1,
    deadlineMs: 5_000,
  })
  const abort = new AbortController()
  const first = fetch(gateway, { signal: abort.signal }).catch(() => null)
  await expect.poll(() => upstream.inFlight()).toBe(1)
  const second = await fetch(gateway)
  expect([second.status, await second.text()]).toEqual([503, 'upstream_busy'])
  abort.abort()
  await first
})
