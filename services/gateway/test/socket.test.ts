import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Fleet, type RunningGateway, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
let service: Awaited<ReturnType<typeof startSocketService>>
let gateway: RunningGateway
beforeAll(async () => {
  fleet = await startFleet(stack)
  service = await startSocketService()
})
beforeEach(async () => {
  gateway = await fleet.startGateway({ SANDBOX_URL: service.url, MAX_OPEN_SOCKETS: '2' })
})
afterAll(() => stack.disposeAsync())

/** A service that accepts handshakes by hand, so that a test can see every byte. */
async function startSocketService() {
  const sockets: Duplex[] = []
  const handshakes: IncomingMessage[] = []
  const server = createServer((_request, response) => void response.writeHead(426).end('upgrade, please'))
  server.on('upgrade', (it: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    handshakes.push(it)
    if (it.url?.includes('silent')) return sockets.push(socket)
    if (it.url?.includes('refuse')) return socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno')
    sockets.push(socket)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: x\r\n\r\n`,
    )
    if (it.url?.includes('echo')) socket.write(head)
    return it.url?.includes('echo') ? socket.pipe(socket) : undefined
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, sockets, handshakes }
}

const handshakeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

type Opened = { status: number; socket: Socket; body: string; headers: IncomingMessage['headers'] }

async function open(path: string, headers: Record<string, string> = {}): Promise<Opened> {
  const sent = request(`${gateway.url}${path}`, {
    headers: { ...handshakeHeaders, ...headers },
    agent: false,
  })
  const opened = Promise.withResolvers<Opened>()
  sent.once('error', opened.reject)
  sent.once('upgrade', (answer, socket) => {
    socket.on('error', () => socket.destroy())
    opened.resolve({ status: 101, socket, body: '', headers: answer.headers })
  })
  sent.once('response', (answer) => {
    const { statusCode: status = 0, headers: said, socket } = answer
    const whole = text(answer).then((body) => ({ status, socket, body, headers: said }))
    opened.resolve(whole)
  })
  sent.end()
  return opened.promise
}

async function read(socket: Duplex, length: number): Promise<string> {
  let got = ''
  while (got.length < length) got += String((await once(socket, 'data'))[0])
  return got
}

test('what is said on either side arrives on the other', async () => {
  const { status, socket } = await open('/v1/socket/echo?room=1', await fleet.bearer())
  expect(status).toBe(101)
  socket.write('hello')
  expect(await read(socket, 5)).toBe('hello')
  expect(service.handshakes.at(-1)?.url).toBe('/v1/socket/echo?room=1')
})

test('a browser brings its token as a subprotocol, which the service does not see', async () => {
  const { authorization } = await fleet.bearer()
  const token = authorization.split(' ')[1]
  const offered = { 'sec-websocket-protocol': `yjs, sandkeep.bearer.${token}` }
  expect((await open('/v1/socket/echo', offered)).status).toBe(101)
  const seen = service.handshakes.at(-1)?.headers
  expect(seen).toMatchObject({ 'sec-websocket-protocol': 'yjs', authorization })
})

test('a forged header does not come through a handshake either', async () => {
  await open('/v1/socket/echo', { ...(await fleet.bearer()), 'x-user-id': 'x', 'sandkeep-service': 'forged' })
  const seen = service.handshakes.at(-1)?.headers
  expect(seen).not.toHaveProperty('x-user-id')
  expect(seen?.['sandkeep-service']).toMatch(/^eyJ/)
})

test.each([
  ['without a token', {}, 401, 'authentication_required'],
  ['with a token that is none', { authorization: 'Bearer a.b.c' }, 401, 'token_invalid'],
])('a handshake %s is refused before the service hears of it', async (_name, headers, status, code) => {
  const before = service.handshakes.length
  const refused = await open('/v1/socket/echo', headers)
  expect(refused.status).toBe(status)
  expect(JSON.parse(refused.body)).toMatchObject({ code })
  expect(service.handshakes).toHaveLength(before)
})

test('a page of another origin cannot open a socket, one of our own can', async () => {
  const headers = await fleet.bearer()
  const foreign = await open('/v1/socket/echo', { ...headers, origin: 'https://evil.example' })
  expect(JSON.parse(foreign.body)).toMatchObject({ status: 403, code: 'socket_origin_forbidden' })
  expect((await open('/v1/socket/echo', { ...headers, origin: gateway.url })).status).toBe(101)
})

test('no more sockets open than the gateway holds; one that closed makes room', async () => {
  const headers = await fleet.bearer()
  const [one] = [await open('/v1/socket/echo', headers), await open('/v1/socket/echo', headers)]
  const refused = await open('/v1/socket/echo', headers)
  expect(JSON.parse(refused.body)).toMatchObject({ status: 503, code: 'too_many_sockets' })
  one.socket.destroy()
  await expect.poll(async () => (await open('/v1/socket/echo', headers)).status).toBe(101)
})

test('an open socket takes no place of a request', async () => {
  gateway = await fleet.startGateway({ SANDBOX_URL: service.url, MAX_CONCURRENT_REQUESTS: '1' })
  const headers = await fleet.bearer()
  for (const _ of [1, 2, 3]) expect((await open('/v1/socket/held', headers)).status).toBe(101)
  expect((await fetch(`${gateway.url}/.well-known/jwks.json`)).status).toBe(200)
})

test('the refusal of the service is passed on', async () => {
  const { status, body } = await open('/v1/socket/refuse', await fleet.bearer())
  expect([status, body]).toEqual([403, 'no'])
})

test('a service that is not there is a 503', async () => {
  gateway = await fleet.startGateway({ SANDBOX_URL: 'http://127.0.0.1:1' })
  const { body } = await open('/v1/socket/echo', await fleet.bearer())
  expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'upstream_unavailable' })
})

test('when the service dies, the client is told by the end of its socket', async () => {
  const { socket } = await open('/v1/socket/held', await fleet.bearer())
  const closed = once(socket.resume(), 'close')
  service.sockets.at(-1)?.destroy()
  await closed
})

test('when the client goes away, the service is told', async () => {
  const { socket } = await open('/v1/socket/held', await fleet.bearer())
  const theirs = service.sockets.at(-1)
  if (theirs === undefined) throw new Error('the service has no socket')
  const ended = once(theirs.resume(), 'end')
  socket.destroy()
  await ended
})

test.each(['ends', 'destroys'] as const)(
  'a client that %s its connection before the answer is noticed, not waited for',
  async (way) => {
    const url = `${gateway.url}/v1/socket/silent`
    const sent = request(url, { headers: { ...handshakeHeaders, ...(await fleet.bearer()) }, agent: false })
    sent.on('error', () => {})
    sent.end()
    const before = service.sockets.length
    await expect.poll(() => service.sockets.length).toBe(before + 1)
    const theirs = service.sockets.at(-1)
    if (way === 'ends') sent.socket?.end()
    else sent.destroy()
    // Well before the deadline of a handshake, which would end it too.
    await expect.poll(() => theirs?.readableEnded || theirs?.destroyed, { timeout: 5_000 }).toBe(true)
  },
)

test('what a client says before the answer reaches the service after it', async () => {
  const sent = request(`${gateway.url}/v1/socket/silent`, {
    headers: { ...handshakeHeaders, ...(await fleet.bearer()) },
    agent: false,
  })
  sent.on('error', () => {})
  sent.end()
  const before = service.sockets.length
  await expect.poll(() => service.sockets.length).toBe(before + 1)
  sent.socket?.write('early')
  const theirs = service.sockets.at(-1)
  theirs?.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n')
  expect(theirs && (await read(theirs, 5))).toBe('early')
  sent.destroy()
})

test('a side that does not read holds the other back', async () => {
  const { socket } = await open('/v1/socket/held', await fleet.bearer())
  const piece = Buffer.alloc(65_536)
  let sent = 0
  while (sent < 256 * 1_048_576) {
    sent += piece.length
    if (socket.write(piece)) continue
    const drained = await Promise.race([once(socket, 'drain'), standsStill(() => socket.bytesWritten)])
    if (drained === 'stands still') break
  }
  expect(sent).toBeLessThan(64 * 1_048_576)
  let arrived = 0
  service.sockets.at(-1)?.on('data', (chunk: Buffer) => {
    arrived += chunk.length
  })
  await expect.poll(() => arrived).toBe(sent)
})

async function standsStill(value: () => number): Promise<'stands still'> {
  let last = -1
  await expect
    .poll(
      () => {
        const isStill = value() === last
        last = value()
        return isStill
      },
      { interval: 300, timeout: 10_000 },
    )
    .toBe(true)
  return 'stands still'
}

test('an ended session loses its sockets', async () => {
  const { socket } = await open('/v1/socket/echo', await fleet.bearer({ sessionId: 'session-1' }))
  const closed = once(socket.resume(), 'close')
  fleet.identity.revoke('session-1')
  await closed
})

test('a gateway that stops closes its sockets', async () => {
  const { socket } = await open('/v1/socket/echo', await fleet.bearer())
  const closed = once(socket.resume(), 'close')
  await gateway.stop()
  await closed
})

test('a request that is no handshake is answered as any other', async () => {
  const plain = await fetch(`${gateway.url}/v1/socket/echo`, { headers: await fleet.bearer() })
  expect([plain.status, await plain.text()]).toEqual([426, 'upgrade, please'])
  const other = await open('/v1/socket/echo', { ...(await fleet.bearer()), upgrade: 'h2c' })
  expect(other.status).toBe(426)
})

test('a handshake where no sockets are is answered as the request it is', async () => {
  expect((await open('/.well-known/jwks.json')).status).toBe(200)
})
