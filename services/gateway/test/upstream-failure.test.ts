import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'
import { startTroubled, type Troubled } from './troubled.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
let troubled: Troubled
let url = ''
beforeAll(async () => {
  fleet = await startFleet(stack)
  troubled = await startTroubled(stack)
  url = (await fleet.startGateway({ SANDBOX_URL: troubled.url })).url
})
afterAll(() => stack.disposeAsync())

const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return answer.json()
}

test('a service that is not there is a 503 that says when to come back', async () => {
  const { url: alone } = await fleet.startGateway({ SANDBOX_URL: 'http://127.0.0.1:1' })
  const answer = await fetch(`${alone}/v1/open/x`, { method: 'POST', body: 'x' })
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(await problemOf(answer)).toMatchObject({
    status: 503,
    code: 'upstream_unavailable',
    instance: '/v1/open/x',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
})

test('one service that is down leaves the others alone', async () => {
  const { url: alone } = await fleet.startGateway({ SANDBOX_URL: 'http://127.0.0.1:1' })
  expect((await fetch(`${alone}/.well-known/jwks.json`)).status).toBe(200)
})

test.each(['POST', 'PUT', 'DELETE'])('a %s that breaks off is a 502 and was sent once', async (method) => {
  troubled.behave((request) => request.socket.destroy())
  const before = troubled.asked.length
  const answer = await fetch(`${url}/v1/open/once`, { method })
  expect(await problemOf(answer)).toMatchObject({ status: 502, code: 'upstream_failed' })
  expect(troubled.asked.slice(before)).toEqual([`${method} /v1/open/once`])
})

test('a read that breaks off is asked once more', async () => {
  let isFirst = true
  troubled.behave((request, response) => {
    if (isFirst) request.socket.destroy()
    else response.end('second')
    isFirst = false
  })
  expect(await (await fetch(`${url}/v1/open/again`)).text()).toBe('second')
})

test('reads are not repeated without end while a service breaks off', async () => {
  troubled.behave((request) => request.socket.destroy())
  const before = troubled.asked.length
  const answers = await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}/v1/open/storm`)))
  expect(new Set(answers.map((it) => it.status))).toEqual(new Set([502]))
  // One repetition for ten requests, and ten that were saved.
  expect(troubled.asked.length - before).toBeLessThanOrEqual(60 + 16)
})

test('what is no HTTP is a 502', async () => {
  troubled.behave((request) => request.socket.end('nonsense\r\n\r\n'))
  const answer = await fetch(`${url}/v1/open/x`, { method: 'DELETE' })
  expect(await problemOf(answer)).toMatchObject({ status: 502, code: 'upstream_failed' })
})

test('an answer that breaks off in the middle does not look whole', async () => {
  troubled.behave((_request, response) => {
    response.writeHead(200)
    response.write('half')
    setImmediate(() => response.destroy())
  })
  const answer = await fetch(`${url}/v1/open/x`)
  await expect(answer.text()).rejects.toThrow()
})

test('a fault of a service is passed on with its own words', async () => {
  const body = JSON.stringify({ status: 500, code: 'internal_error' })
  troubled.behave((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end(body)
  })
  const answer = await fetch(`${url}/v1/open/x`)
  expect([answer.status, await answer.text()]).toEqual([500, body])
})

test('a service that hangs takes its own places and no others, and they come back', async () => {
  troubled.behave(() => undefined)
  const given = new AbortController()
  const waiting = Array.from({ length: 300 }, () => fetch(`${url}/v1/open/hang`, { signal: given.signal }))
  expect(await problemOf(await Promise.race(waiting))).toMatchObject({ status: 503, code: 'upstream_busy' })
  expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200)
  given.abort()
  await Promise.allSettled(waiting)
  troubled.behave((_request, response) => void response.end())
  await expect.poll(async () => (await fetch(`${url}/v1/open/x`)).status).toBe(200)
})

test('a service that does not answer in time is a 504', async () => {
  troubled.behave(() => undefined)
  const answer = await fetch(`${url}/v1/open/late`)
  expect(await problemOf(answer)).toMatchObject({ status: 504, code: 'upstream_timeout' })
})
