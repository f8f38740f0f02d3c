import { eventually } from '@sandkeep/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { httpEnv } from '../config/fragments.ts'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'
import { OverloadedError, Semaphore } from './semaphore.ts'

afterEach(() => void vi.useRealTimers())

/** Work that runs until it is told to end. */
function held(places: Semaphore) {
  const end = Promise.withResolvers<void>()
  const done = places.run(() => end.promise)
  return { end: end.resolve, fail: end.reject, done }
}

const small = (options = {}) =>
  new Semaphore({ name: 'test', slots: 2, maxWaiting: 2, maxWaitMs: 60_000, ...options })

test('as many run at once as there are slots, and who waits runs in the order of asking', async () => {
  const places = small()
  const running = [held(places), held(places)]
  const order: string[] = []
  const waiting = ['first', 'second'].map((name) => places.run(async () => void order.push(name)))
  expect([places.running, places.waiting]).toEqual([2, 2])
  expect(order).toEqual([])
  running[0]?.end()
  await Promise.all(waiting)
  expect(order).toEqual(['first', 'second'])
  running[1]?.end()
  await running[1]?.done
  expect([places.running, places.waiting]).toEqual([0, 0])
})

test('when as many wait as may, the next is refused at once', async () => {
  const places = small()
  const all = [held(places), held(places), held(places), held(places)]
  await expect(places.run(async () => {})).rejects.toThrow(OverloadedError)
  for (const it of all) it.end()
  await Promise.all(all.map((it) => it.done))
})

test('who waited too long is refused, and takes no slot later', async () => {
  vi.useFakeTimers()
  const places = small({ slots: 1, maxWaitMs: 2_000 })
  const running = held(places)
  const late = expect(places.run(async () => {})).rejects.toThrow(OverloadedError)
  await vi.advanceTimersByTimeAsync(2_000)
  await late
  running.end()
  await running.done
  expect([places.running, places.waiting]).toEqual([0, 0])
})

test('work that fails gives its slot back', async () => {
  const places = small({ slots: 1 })
  const running = held(places)
  running.fail(new Error('broken'))
  await expect(running.done).rejects.toThrow('broken')
  expect(await places.run(async () => 'next')).toBe('next')
})

test('a service handles so many requests at once, lets as many wait, and tells the rest to come again', async () => {
  const config = httpEnv.parse({ MAX_CONCURRENT_REQUESTS: '2' })
  const host = createTestHost()
  const app = await createApp({ name: 'notes', authorization: {}, host, config })
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  let handled = 0
  app.route({
    method: 'GET',
    url: '/v1/slow',
    operation: 'slow',
    auth: 'public',
    handler: async () => {
      if (++handled === 2) reached.resolve()
      await go.promise
      return 'done'
    },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = () => fetch(`${url}/v1/slow`)

  const first = [ask(), ask()]
  await reached.promise
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
  expect(handled).toBe(2)

  go.resolve()
  const statuses = (await Promise.all([...first, ...more])).map((it) => it.status).sort()
  expect(statuses).toEqual([200, 200, 200, 200, 503, 503])
  expect((await ask()).status).toBe(200)
  await app.close()
})
