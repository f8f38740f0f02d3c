import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { openTcpProxy } from './tcp-proxy.ts'

/** A server that says everything back, behind a proxy. */
async function openEcho(stack: AsyncDisposableStack) {
  const accepted: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stack.defer(async () => {
    for (const socket of accepted) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const proxy = stack.use(await openTcpProxy(`tcp://127.0.0.1:${port}`))
  const dial = () => {
    const { port: own } = new URL(proxy.url)
    return stack.adopt(connect(Number(own), '127.0.0.1'), async (it) => void it.destroy())
  }
  const open = async () => {
    const socket = dial()
    await once(socket, 'connect')
    return socket
  }
  return { proxy, accepted, dial, open }
}

async function say(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  const [answer]: unknown[] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })
  return String(answer)
}

/** How the connection breaks. */
async function breaking(socket: Socket): Promise<unknown> {
  const [error]: unknown[] = await once(socket, 'error', { signal: AbortSignal.timeout(10_000) })
  return error
}
const reset = expect.objectContaining({ code: 'ECONNRESET' })

/** What arrives from now on. */
function heardBy(socket: Socket): { text: string } {
  const heard = { text: '' }
  socket.on('data', (chunk) => {
    heard.text += String(chunk)
  })
  return heard
}

test('without a fault bytes pass both ways, whole, and so does the end of each direction', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy } = await openEcho(stack)
  const socket = await open()
  const sent = Buffer.alloc(5_000_000, 'abcdefg')
  socket.end(sent)
  expect((await buffer(socket)).equals(sent)).toBe(true)
  await eventually(() => expect(proxy.connections()).toBe(0))
})

test('latency delays each direction of open connections, and ends with the fault', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy } = await openEcho(stack)
  const socket = await open()
  expect(await say(socket, 'soon')).toBe('soon')
  await proxy.inject({ kind: 'latency', ms: 60 })
  const started = performance.now()
  expect(await say(socket, 'late')).toBe('late')
  expect(performance.now() - started).toBeGreaterThanOrEqual(119)
  await proxy.inject({ kind: 'latency', ms: 10_000_000 })
  const heard = heardBy(socket)
  socket.write('much later')
  await proxy.heal()
  await eventually(() => expect(heard.text).toBe('much later'))
})

test('a bandwidth is kept to over all connections', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy } = await openEcho(stack)
  const sockets = [await open(), await open()]
  await proxy.inject({ kind: 'bandwidth', bytesPerSecond: 100_000 })
  const started = performance.now()
  const answers = sockets.map((socket) => buffer(socket.end(Buffer.alloc(20_000))))
  expect((await Promise.all(answers)).map((it) => it.length)).toEqual([20_000, 20_000])
  expect(performance.now() - started).toBeGreaterThanOrEqual(390)
})

test('who sends more than passes is made to wait', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy } = await openEcho(stack)
  const socket = await open()
  await proxy.inject({ kind: 'black-hole' })
  const sent = Buffer.alloc(30_000_000)
  socket.end(sent)
  await eventually(() => expect(socket.writableLength).toBeGreaterThan(0))
  await proxy.heal()
  expect((await buffer(socket)).length).toBe(sent.length)
})

test('a black hole keeps connections open and silent, and gives what it held when it ends', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy, accepted } = await openEcho(stack)
  const socket = await open()
  await say(socket, 'hello')
  await proxy.inject({ kind: 'black-hole' })
  const heard = heardBy(socket)
  socket.write('held')
  const late = await open()
  const heardLate = heardBy(late)
  late.write('held too')
  await expect(once(socket, 'data', { signal: AbortSignal.timeout(100) })).rejects.toThrow('aborted')
  expect([heard.text, heardLate.text, accepted.length]).toEqual(['', '', 1])
  await proxy.heal()
  await eventually(() => expect([heard.text, heardLate.text]).toEqual(['held', 'held too']))
})

test('a half-open connection is gone for the server alone, and stays dead; a new one works afterwards', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy, accepted } = await openEcho(stack)
  const socket = await open()
  await say(socket, 'hello')
  await proxy.inject({ kind: 'half-open' })
  await eventually(() => expect(accepted[0]?.destroyed).toBe(true))
  const heard = heardBy(socket)
  socket.write('anybody?')
  await proxy.heal()
  expect(await say(await open(), 'again')).toBe('again')
  expect([heard.text, socket.destroyed, proxy.connections()]).toEqual(['', false, 2])
})

test('a reset breaks open connections on both sides, and new ones until it ends', async () => {
  await using stack = new AsyncDisposableStack()
  const { dial, open, proxy, accepted } = await openEcho(stack)
  const socket = await open()
  await say(socket, 'hello')
  const broken = breaking(socket)
  await proxy.inject({ kind: 'reset' })
  expect(await broken).toEqual(reset)
  await eventually(() => expect(accepted[0]?.destroyed).toBe(true))
  expect(await breaking(dial())).toEqual(reset)
  await proxy.heal()
  expect(await say(await open(), 'again')).toBe('again')
})

test('what is cut off is reset, and refused until it is healed', async () => {
  await using stack = new AsyncDisposableStack()
  const { open, proxy } = await openEcho(stack)
  const socket = await open()
  await say(socket, 'hello')
  const broken = breaking(socket)
  await proxy.inject({ kind: 'cut-off' })
  expect(await broken).toEqual(reset)
  await expect(open()).rejects.toThrow('ECONNREFUSED')
  await proxy.heal()
  expect(await say(await open(), 'again')).toBe('again')
})

test('when the server is away, a client is reset', async () => {
  await using stack = new AsyncDisposableStack()
  const proxy = stack.use(await openTcpProxy('redis://user:secret@127.0.0.1:9/1'))
  const { port, href } = new URL(proxy.url)
  expect(href).toBe(`redis://user:secret@127.0.0.1:${port}/1`)
  expect(await breaking(connect(Number(port), '127.0.0.1'))).toEqual(reset)
})
