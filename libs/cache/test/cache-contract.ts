import { randomUUID } from 'node:crypto'
import { eventually } from '@sandkeep/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Cache } from '../src/index.ts'
import { key } from './key.ts'

/** What a suite needs of an engine; time is the engine's own, so that a clock in hand needs no waiting. */
export interface CacheEngine extends AsyncDisposable {
  open(owner: string): Promise<Cache>
  now(): number
  pass(ms: number): Promise<void>
  /** Breaks the connections of subscribers, where there are any. */
  breakSubscriptions(): Promise<void>
  scheduleRuns: number
}

/** What every cache adapter must do. */
export function cacheContract(name: string, start: () => Promise<CacheEngine>): void {
  describe(`${name} cache`, () => {
    let engine: CacheEngine
    beforeAll(async () => {
      engine = await start()
    })
    afterAll(() => engine[Symbol.asyncDispose]())

    const open = async (owner = `owner-${randomUUID()}`) => {
      const cache = await engine.open(owner)
      onTestFinished(() => cache[Symbol.asyncDispose]())
      return cache
    }

    test('a value is read back until it is deleted', async () => {
      const cache = await open()
      await cache.set(key('greeting'), 'hello ☎', 60_000)
      expect(await cache.get(key('greeting'))).toBe('hello ☎')
      await cache.set(key('greeting'), '', 60_000)
      expect(await cache.get(key('greeting'))).toBe('')
      await cache.delete(key('greeting'))
      expect(await cache.get(key('greeting'))).toBeNull()
    })

    test('a key expires, and setting it again starts its time anew', async () => {
      const cache = await open()
      await cache.set(key('short'), 'a', 100)
      await cache.set(key('renewed'), 'a', 100)
      await cache.set(key('renewed'), 'b', 60_000)
      await engine.pass(101)
      expect(await cache.get(key('short'))).toBeNull()
      expect(await cache.get(key('renewed'))).toBe('b')
    })

    test('owners do not see each other', async () => {
      const [one, other] = [await open(), await open()]
      await one.set(key('same'), 'mine', 60_000)
      await one.take(key('same'), { limit: 1, windowMs: 60_000 })
      expect(await other.get(key('same'))).toBeNull()
      expect((await other.take(key('same'), { limit: 1, windowMs: 60_000 })).allowed).toBe(true)
    })

    test('two caches of one owner share their keys', async () => {
      const owner = `owner-${randomUUID()}`
      const [one, other] = [await open(owner), await open(owner)]
      await one.set(key('shared'), 'value', 60_000)
      expect(await other.get(key('shared'))).toBe('value')
    })

    test.for([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
      'a time to live of %d is refused',
      async (ttl) => {
        const cache = await open()
        await expect(cache.set(key('key'), 'value', ttl)).rejects.toThrow(RangeError)
        await expect(cache.take(key('key'), { limit: 1, windowMs: ttl })).rejects.toThrow(RangeError)
        await expect(cache.take(key('key'), { limit: ttl, windowMs: 1_000 })).rejects.toThrow(RangeError)
      },
    )

    test('the take after the last place is refused and says when to come back', async () => {
      const cache = await open()
      const limit = { limit: 3, windowMs: 60_000 }
      const taken = [
        await cache.take(key('a'), limit),
        await cache.take(key('a'), limit),
        await cache.take(key('a'), limit),
      ]
      expect(taken.map((it) => [it.allowed, it.remaining])).toEqual([
        [true, 2],
        [true, 1],
        [true, 0],
      ])
      const refused = await cache.take(key('a'), limit)
      expect(refused).toMatchObject({ allowed: false, remaining: 0 })
      expect(refused.retryAfterMs).toBeGreaterThan(0)
      expect(refused.retryAfterMs).toBeLessThanOrEqual(63_000)
      expect((await cache.take(key('b'), limit)).allowed).toBe(true)
    })

    test('a value or a window that would outlive what its key declares is refused', async () => {
      const cache = await open()
      const { longestMs } = key('long')
      await cache.set(key('long'), 'value', longestMs)
      await expect(cache.set(key('long'), 'value', longestMs + 1)).rejects.toThrow('declared')
      const limit = { limit: 1, windowMs: longestMs + 1 }
      await expect(cache.take(key('long'), limit)).rejects.toThrow('declared')
    })

    test('deleting a key frees its places, and its value is another thing than its window', async () => {
      const cache = await open()
      const limit = { limit: 1, windowMs: 60_000 }
      await cache.set(key('a'), 'value', 60_000)
      await cache.take(key('a'), limit)
      expect(await cache.get(key('a'))).toBe('value')
      await cache.delete(key('a'))
      expect((await cache.take(key('a'), limit)).allowed).toBe(true)
    })

    test('a lower limit counts what was taken under the higher one', async () => {
      const cache = await open()
      for (let i = 0; i < 5; i++) await cache.take(key('a'), { limit: 10, windowMs: 1_000 })
      const refused = await cache.take(key('a'), { limit: 2, windowMs: 1_000 })
      expect(refused).toMatchObject({ allowed: false, remaining: 0 })
      await engine.pass(refused.retryAfterMs)
      expect((await cache.take(key('a'), { limit: 2, windowMs: 1_000 })).allowed).toBe(true)
    })

    test('of many takes at once exactly the limit is allowed', async () => {
      const cache = await open()
      const all = Array.from({ length: 50 }, () => cache.take(key('rush'), { limit: 7, windowMs: 60_000 }))
      const allowed = (await Promise.all(all)).filter((it) => it.allowed)
      expect(allowed).toHaveLength(7)
    })

    test('a refused take is allowed after the time it was told', async () => {
      const cache = await open()
      const limit = { limit: 2, windowMs: 130 }
      await cache.take(key('a'), limit)
      await engine.pass(40)
      await cache.take(key('a'), limit)
      const { retryAfterMs } = await cache.take(key('a'), limit)
      expect(retryAfterMs).toBeLessThanOrEqual(147 - 40)
      await engine.pass(retryAfterMs)
      expect((await cache.take(key('a'), limit)).allowed).toBe(true)
    })

    test('no window ever holds more takes than the limit, whatever the schedule', async () => {
      const cache = await open()
      const schedule = fc.array(fc.record({ wait: fc.nat(90), takes: fc.integer({ min: 1, max: 4 }) }), {
        minLength: 3,
        maxLength: 12,
      })
      await fc.assert(
        fc.asyncProperty(schedule, fc.integer({ min: 1, max: 5 }), async (steps, limit) => {
          const windowMs = 100
          const window = key(randomUUID())
          const allowed: { before: number; after: number }[] = []
          for (const step of steps) {
            await engine.pass(step.wait)
            for (let i = 0; i < step.takes; i++) {
              const before = engine.now()
              const { allowed: yes } = await cache.take(window, { limit, windowMs })
              if (yes) allowed.push({ before, after: engine.now() })
            }
          }
          for (const [i, first] of allowed.entries()) {
            const tooMany = allowed[i + limit]
            if (tooMany) expect(tooMany.after - first.before).toBeGreaterThanOrEqual(windowMs)
          }
        }),
        { numRuns: engine.scheduleRuns, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: true },
      )
    })

    test('a message reaches every subscriber of its channel, of whichever owner, in order', async () => {
      const [one, other] = [await open(), await open()]
      const [channel, silent] = [randomUUID(), randomUUID()]
      const heard: Record<string, string[]> = { one: [], again: [], other: [], silent: [] }
      await using _one = await one.subscribe(channel, (it) => heard['one']?.push(it))
      await using _again = await one.subscribe(channel, (it) => heard['again']?.push(it))
      await using _other = await other.subscribe(channel, (it) => heard['other']?.push(it))
      await using _silent = await other.subscribe(silent, (it) => heard['silent']?.push(it))
      for (const message of ['1', '2', '3']) await one.publish(channel, message)
      const all = ['1', '2', '3']
      await eventually(() => expect(heard).toEqual({ one: all, again: all, other: all, silent: [] }))
    })

    test('who left hears nothing more, the others go on', async () => {
      const cache = await open()
      const channel = randomUUID()
      const [left, stayed]: [string[], string[]] = [[], []]
      const leaving = await cache.subscribe(channel, (it) => left.push(it))
      await using _stays = await cache.subscribe(channel, (it) => stayed.push(it))
      await leaving[Symbol.asyncDispose]()
      await cache.publish(channel, 'late')
      await eventually(() => expect(stayed).toEqual(['late']))
      expect(left).toEqual([])
    })

    test('a subscriber that throws does not keep the message from the others', async () => {
      const cache = await open()
      const channel = randomUUID()
      const heard: string[] = []
      await using _broken = await cache.subscribe(channel, () => {
        throw new Error('broken subscriber')
      })
      await using _good = await cache.subscribe(channel, (it) => heard.push(it))
      await cache.publish(channel, 'news')
      await eventually(() => expect(heard).toEqual(['news']))
    })

    test('subscribers hear again after their connection broke', async () => {
      const cache = await open()
      const channel = randomUUID()
      const heard = new Set<string>()
      await using _subscription = await cache.subscribe(channel, (it) => heard.add(it))
      await engine.breakSubscriptions()
      await eventually(async () => {
        await cache.publish(channel, 'after')
        expect(heard).toContain('after')
      })
    })

    test('a closed cache is down and refuses', async () => {
      const cache = await engine.open('closed')
      expect(cache.status()).toBe('up')
      await cache[Symbol.asyncDispose]()
      await cache[Symbol.asyncDispose]()
      expect(cache.status()).toBe('down')
      await expect(cache.get(key('key'))).rejects.toThrow('The cache is not available')
      await expect(cache.publish('channel', 'message')).rejects.toThrow('The cache is not available')
    })
  })
}
