import { afterEach, expect, test, vi } from 'vitest'
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
