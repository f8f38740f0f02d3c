import { once } from 'node:events'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'

const stack = new AsyncDisposableStack()
let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet(stack)
})
afterAll(() => stack.disposeAsync())

test('a gateway that stops finishes what is under way, and takes nothing new', async () => {
  const gateway = await fleet.startGateway()
  const sent = request(`${gateway.url}/v1/files/slow`, { method: 'PUT', headers: await fleet.bearer() })
  const answered = once(sent, 'response')
  sent.end('some bytes')
  await expect.poll(() => fleet.echo.receiving()).toContain('/v1/files/slow')
  const stopped = gateway.stop()
  await expect.poll(() => fetch(`${gateway.url}/livez`).catch(() => 'refused')).toBe('refused')
  fleet.echo.readOn()
  const [answer] = await answered
  expect(await json(answer)).toMatchObject({ bytes: 10 })
  await stopped
})

test('two hundred callers at once are all answered', async () => {
  const headers = await fleet.bearer()
  const calls = Array.from({ length: 200 }, async (_, index) => {
    const paths = [1, 2, 3, 4, 5].map((turn) => `/v1/echo/${index}-${turn}`)
    for (const path of paths) {
      const answer = await fetch(`${fleet.url}${path}`, { headers })
      expect(await answer.json()).toMatchObject({ url: path })
    }
  })
  await Promise.all(calls)
})
