import { promisify } from 'node:util'
import { eventually } from '@sandkeep/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { httpEnv } from '../config/fragments.ts'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'

/** A service whose only route works until it is told to go on. */
async function slow(slots: number) {
  const config = httpEnv.parse({ MAX_CONCURRENT_REQUESTS: String(slots) })
  const app = await createApp({ name: 'notes', authorization: {}, host: createTestHost(), config })
  const go = Promise.withResolvers<void>()
  let handled = 0
  app.route({
    method: 'GET',
    url: '/v1/slow',
    operation: 'slow',
    auth: 'public',
    handler: async () => {
      handled++
      await go.promise
      return 'done'
    },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return {
    url,
    app,
    go: go.resolve,
    ask: (init?: RequestInit) => fetch(`${url}/v1/slow`, init),
    handles: (count: number) => eventually(() => expect(handled).toBe(count)),
  }
}

test('a service handles so many requests at once, lets as many wait, and tells the rest to come again', async () => {
  const { url, ask, handles, go } = await slow(2)
  const first = [ask(), ask()]
  await handles(2)
  // Of four more, two find a place to wait; which of them is the network's choice.
  const refusals: Response[] = []
  const more = [ask(), ask(), ask(), ask()]
  for (const answer of more) void answer.then((it) => it.status === 503 && refusals.push(it))
  const [refused] = await eventually(() => {
    expect(refusals).toHaveLength(2)
    return refusals
  })
  expect(refused?.headers.get('retry-after')).toBe('1')
  expect(await refused?.json()).toMatchObject({ code: 'overloaded' })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  await handles(2)

  go()
  const statuses = (await Promise.all([...first, ...more])).map((it) => it.status).sort()
  expect(statuses).toEqual([200, 200, 200, 200, 503, 503])
  expect((await ask()).status).toBe(200)
})

test('nothing is done for whom hung up while waiting', async () => {
  const { app, ask, handles, go } = await slow(1)
  const first = ask()
  await handles(1)
  const connections = promisify(app.server.getConnections.bind(app.server))
  const impatient = new AbortController()
  const second = ask({ signal: impatient.signal }).catch(() => 'hung up')
  await eventually(async () => expect(await connections()).toBe(2))
  await eventually(async () => {
    const { body } = await app.inject('/metrics')
    expect(body).toContain('http_requests_in_flight{state="waiting"} 1')
  })
  impatient.abort()
  expect(await second).toBe('hung up')
  await eventually(async () => expect(await connections()).toBe(1))
  go()
  await first
  expect((await ask()).status).toBe(200)
  await handles(2)
})
