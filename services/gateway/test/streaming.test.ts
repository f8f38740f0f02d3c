import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack)
})
afterAll(() => stack.disposeAsync())

const megabyte = 1_048_576

async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<ClientRequest> {
  const sent = request(`${fleet.url}${path}`, { method, headers: { ...(await fleet.bearer()), ...headers } })
  sent.on('error', () => undefined)
  return sent
}

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = await once(sent, 'response')
  return answer
}

/** Megabytes that Node holds outside its heap, where bodies are, as a peak over a piece of work. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.()
  const start = process.memoryUsage().arrayBuffers
  let peak = start
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers)
  }, 5)
  await work().finally(() => clearInterval(timer))
  return (peak - start) / megabyte
}

function* pieces(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(65_536, 'x')
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

test('an upload of 256 MB passes in less memory than half of it', async () => {
  const peak = await peakOf(async () => {
    const sent = await send('PUT', '/v1/files/big')
    const answer = answerTo(sent)
    await pipeline(Readable.from(pieces(256 * megabyte)), sent)
    expect(await json(await answer)).toMatchObject({ bytes: 256 * megabyte })
  })
  expect(peak).toBeLessThan(128)
})

test('a download of 256 MB passes in less memory than half of it', async () => {
  const peak = await peakOf(async () => {
    const sent = await send('GET', '/v1/files/big', { 'x-bytes': String(256 * megabyte) })
    sent.end()
    let bytes = 0
    for await (const chunk of await answerTo(sent)) bytes += chunk.length
    expect(bytes).toBe(256 * megabyte)
  })
  expect(peak).toBeLessThan(128)
})

test('a client that does not read holds its service back', async () => {
  const before = fleet.echo.given()
  const sent = await send('GET', '/v1/files/big', { 'x-bytes': String(512 * megabyte) })
  sent.end()
  const answer = await answerTo(sent)
  answer.pause()
  await standstill(() => fleet.echo.given() - before)
  expect(fleet.echo.given() - before).toBeLessThan(64 * megabyte)
  sent.destroy()
})

test('a service that does not read holds its client back', async () => {
  const sent = await send('PUT', '/v1/files/slow')
  let taken = 0
  const counted = function* () {
    for (const piece of pieces(128 * megabyte)) {
      taken += piece.length
      yield piece
    }
  }
  const uploaded = pipeline(Readable.from(counted()), sent)
  await standstill(() => taken)
  expect(taken).toBeLessThan(64 * megabyte)
  const answer = answerTo(sent)
  fleet.echo.readOn()
  await uploaded
  expect(await json(await answer)).toMatchObject({ bytes: 128 * megabyte })
})

test('what arrives is what was sent, however it is cut', async () => {
  const body = randomBytes(3 * megabyte + 1)
  const sha = createHash('sha256').update(body).digest('hex')
  const headers = { ...(await fleet.bearer()), 'content-type': 'application/octet-stream' }
  const answer = await fetch(`${fleet.url}/v1/files/digest`, { method: 'PUT', headers, body })
  expect(await answer.json()).toEqual({ bytes: body.length, sha })
})

test('an upload that the client breaks off breaks off at the service', async () => {
  const sent = await send('PUT', '/v1/files/x', { 'content-length': '1000000' })
  sent.write(Buffer.alloc(1_000))
  await expect.poll(() => fleet.echo.receiving()).toContain('/v1/files/x')
  sent.destroy()
  await expect.poll(() => fleet.echo.brokenOff()).toContain('PUT /v1/files/x')
})

test('a download that the client breaks off breaks off at the service', async () => {
  const sent = await send('GET', '/v1/files/y', { 'x-bytes': String(1_024 * megabyte) })
  sent.end()
  const answer = await answerTo(sent)
  await once(answer, 'data')
  sent.destroy()
  await expect.poll(() => fleet.echo.brokenOff()).toContain('GET /v1/files/y')
})

test('a body larger than the route takes is refused, announced or not', async () => {
  const headers = { ...(await fleet.bearer()), 'content-type': 'application/json' }
  const body = JSON.stringify({ a: 'x'.repeat(megabyte) })
  const announced = await fetch(`${fleet.url}/v1/echo/x`, { method: 'POST', headers, body })
  const refusal = { status: 413, code: 'body_too_large', detail: expect.stringContaining('1048576 bytes') }
  expect(await announced.json()).toMatchObject(refusal)
  const sent = await send('POST', '/v1/echo/x', { 'content-type': 'application/json' })
  const answer = answerTo(sent)
  sent.write(body)
  sent.end()
  expect(await json(await answer)).toMatchObject(refusal)
})

test('a sign-in body that is too large is refused with an answer that arrives', async () => {
  const body = JSON.stringify({ login: 'x'.repeat(200_000) })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${fleet.url}/v1/auth/login`, { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ status: 413, code: 'body_too_large' })
})

/** Resolves when a growing number has stopped growing. */
async function standstill(read: () => number): Promise<void> {
  let last = -1
  await expect
    .poll(
      () => {
        const isStill = read() === last && last > 0
        last = read()
        return isStill
      },
      { interval: 200, timeout: 20_000 },
    )
    .toBe(true)
}
