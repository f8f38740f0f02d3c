import { randomBytes } from 'node:crypto'
import { newId } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  Bus,
  BusMessage,
  DeadLetter,
  Delivery,
  Outcome,
  QueueTopology,
  Subscription,
} from '../src/index.ts'

const done: Outcome = { kind: 'done' }
const letters = () => [...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')

/** What every adapter of the bus does, whatever its engine. `open` answers a bus on the same engine each time. */
export function busContract(open: () => Promise<Bus>): void {
  let bus: Bus
  let owner: string
  let stack: AsyncDisposableStack

  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    owner = letters()
    bus = stack.use(await open())
    bus.resume()
    await eventually(() => expect(bus.status()).toBe('up'))
  })
  afterEach(() => stack.disposeAsync())

  const topology = (types: string[], more: Partial<QueueTopology> = {}): QueueTopology => ({
    name: `${letters()}.events`,
    bindings: types.map((type) => ({ owner, type: `${owner}.${type}` })),
    ordered: false,
    retryDelaysMs: [50, 100],
    ...more,
  })

  const message = (type: string, body = '{}'): BusMessage => ({
    id: newId(),
    type: `${owner}.${type}`,
    body: Buffer.from(body),
  })

  const consume = async (
    queue: QueueTopology,
    handle: (delivery: Delivery) => Outcome | Promise<Outcome> = () => done,
    prefetch?: number,
  ) => {
    const deliveries: Delivery[] = []
    const take = async (delivery: Delivery) => {
      deliveries.push(delivery)
      return await handle(delivery)
    }
    const subscription: Subscription = stack.use(bus.consume(queue, take, prefetch))
    await subscription.ready()
    return { deliveries, subscription }
  }

  const dead = async (queue: QueueTopology): Promise<DeadLetter[]> => {
    const found: DeadLetter[] = []
    await bus.reviewDeadLetters(queue.name, async (letter) => {
      found.push(letter)
      return 'keep'
    })
    return found
  }

  const ids = (items: { messageId: string }[]) => items.map((item) => item.messageId)

  describe('publishing', () => {
    test('an event reaches every queue that is bound to its type, and no other', async () => {
      const first = await consume(topology(['item.changed.v1']))
      const second = await consume(topology(['item.changed.v1', 'item.deleted.v1']))
      const third = await consume(topology(['item.deleted.v1']))
      const event = message('item.changed.v1')
      expect(await bus.publish(event)).toEqual({ confirmed: true })
      const last = message('item.deleted.v1')
      await bus.publish(last)
      await eventually(() => expect(ids(third.deliveries)).toEqual([last.id]))
      await eventually(() => expect(ids(second.deliveries)).toEqual([event.id, last.id]))
      expect(ids(first.deliveries)).toEqual([event.id])
    })

    test('an event that nobody waits for is confirmed', async () => {
      expect(await bus.publish(message('item.ignored.v1'))).toEqual({ confirmed: true })
    })

    test('events published one after the other arrive in that order', async () => {
      const { deliveries } = await consume(topology(['item.changed.v1'], { ordered: true }))
      const events = Array.from({ length: 300 }, () => message('item.changed.v1'))
      const results = await Promise.all(events.map((event) => bus.publish(event)))
      expect(results.every((result) => result.confirmed)).toBe(true)
      await eventually(() => expect(ids(deliveries)).toEqual(events.map((event) => event.id)))
    })

    test('the body arrives byte for byte', async () => {
      const { deliveries } = await consume(topology(['item.changed.v1']))
      const event = message('item.changed.v1', '"ærø 🦉"'.repeat(6_000))
      await bus.publish(event)
      await eventually(() => expect(deliveries[0]?.body.equals(event.body)).toBe(true))
    })
  })

  describe('sending', () => {
    test('a message sent to one queue reaches only that, marked as replay when it is one', async () => {
      const queue = topology(['item.changed.v1'])
      const meant = await consume(queue)
      const other = await consume(topology(['item.changed.v1']))
      const event = message('item.changed.v1')
      expect(await bus.send(queue.name, { ...event, replay: true })).toEqual({ confirmed: true })
      await eventually(() =>
        expect(meant.deliveries).toMatchObject([{ messageId: event.id, replay: true, attempt: 0 }]),
      )
      expect(other.deliveries).toEqual([])
    })
  })

  describe('retrying', () => {
    test('a failed delivery comes again, counted, and is dead after the last delay', async () => {
      const queue = topology(['item.changed.v1'])
      const { deliveries } = await consume(queue, () => ({ kind: 'retry', reason: 'not today' }))
      const event = message('item.changed.v1', '{"a":1}')
      expect(await bus.publish(event)).toEqual({ confirmed: true })
      const [letter] = await eventually(async () => {
        const found = await dead(queue)
        expect(ids(found)).toEqual([event.id])
        return found
      })
      expect(deliveries.map((delivery) => delivery.attempt)).toEqual([0, 1, 2])
      expect(letter).toMatchObject({ type: event.type, reason: 'not today', attempts: 3 })
      expect(letter?.body.toString()).toBe('{"a":1}')
      expect(Date.parse(letter?.diedAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    })

    test('an event that waits for its retry does not hold up others', async () => {
      const queue = topology(['item.changed.v1'], { retryDelaysMs: [60_000] })
      const failing = message('item.changed.v1')
      const { deliveries } = await consume(
        queue,
        ({ messageId }) => (messageId === failing.id ? { kind: 'retry', reason: 'later' } : done),
        1,
      )
      void bus.publish(failing)
      const good = message('item.changed.v1')
      expect(await bus.publish(good)).toEqual({ confirmed: true })
      await eventually(() => expect(ids(deliveries)).toEqual([failing.id, good.id]))
    })
  })

  describe('dead letters', () => {
    const bury = async (count: number) => {
      const queue = topology(['item.changed.v1'])
      let isBroken = true
      const { deliveries } = await consume(queue, () =>
        isBroken ? { kind: 'dead', reason: 'malformed' } : done,
      )
      const events = Array.from({ length: count }, () => message('item.changed.v1'))
      for (const event of events) await bus.publish(event)
      await eventually(async () => expect(await bus.countDeadLetters(queue.name)).toBe(count))
      const repair = () => {
        isBroken = false
        deliveries.length = 0
      }
      return { queue, events: events.map((event) => event.id), deliveries, repair }
    }

    test('a delivery that is declared dead is tried no more and keeps its reason', async () => {
      const { queue, events, deliveries } = await bury(1)
      expect(await dead(queue)).toMatchObject([{ messageId: events[0], reason: 'malformed', attempts: 1 }])
      expect(deliveries).toHaveLength(1)
    })

    test('looking at them takes none away, however often', async () => {
      const { queue, events } = await bury(3)
      for (let look = 0; look < 25; look++) expect(new Set(ids(await dead(queue)))).toEqual(new Set(events))
    })

    test('a redriven one is delivered as if new, with its id', async () => {
      const { queue, events, deliveries, repair } = await bury(3)
      repair()
      const counts = await bus.reviewDeadLetters(queue.name, async (letter) =>
        letter.messageId === events[1] ? 'redrive' : 'keep',
      )
      expect(counts).toEqual({ keep: 2, redrive: 1, discard: 0 })
      await eventually(() => expect(deliveries).toMatchObject([{ messageId: events[1], attempt: 0 }]))
      expect(ids(await dead(queue)).sort()).toEqual([events[0], events[2]].sort())
    })

    test('a discarded one is gone', async () => {
      const { queue } = await bury(2)
      expect(await bus.reviewDeadLetters(queue.name, async () => 'discard')).toMatchObject({ discard: 2 })
      expect(await bus.countDeadLetters(queue.name)).toBe(0)
    })
  })

  describe('consuming', () => {
    test('no more than the prefetch are in hand at once', async () => {
      let inHand = 0
      let most = 0
      const release = Promise.withResolvers<void>()
      const { deliveries } = await consume(
        topology(['item.changed.v1']),
        async () => {
          most = Math.max(most, ++inHand)
          await release.promise
          inHand--
          return done
        },
        3,
      )
      const published = Array.from({ length: 9 }, () => bus.publish(message('item.changed.v1')))
      await eventually(() => expect(inHand).toBe(3))
      release.resolve()
      await Promise.all(published)
      await eventually(() => expect(deliveries).toHaveLength(9))
      expect(most).toBe(3)
    })

    test('what no consumer has in hand yet is counted as waiting', async () => {
      const queue = topology(['item.changed.v1'])
      const release = Promise.withResolvers<Outcome>()
      await consume(queue, () => release.promise, 2)
      const published = Array.from({ length: 5 }, () => bus.publish(message('item.changed.v1')))
      await eventually(async () => expect(await bus.countWaiting(queue.name)).toBe(3))
      release.resolve(done)
      await Promise.all(published)
      await eventually(async () => expect(await bus.countWaiting(queue.name)).toBe(0))
    })

    test('an ordered queue has one consumer at a time; another takes over', async () => {
      const queue = topology(['item.changed.v1'], { ordered: true })
      const first = await consume(queue)
      const second = await consume(queue)
      for (let i = 0; i < 10; i++) await bus.publish(message('item.changed.v1'))
      await eventually(() => expect(first.deliveries).toHaveLength(10))
      expect(second.deliveries).toHaveLength(0)
      await first.subscription[Symbol.asyncDispose]()
      const event = message('item.changed.v1')
      await bus.publish(event)
      await eventually(() => expect(ids(second.deliveries)).toEqual([event.id]))
    })

    test('stopping waits for what is in hand', async () => {
      const release = Promise.withResolvers<void>()
      let isFinished = false
      const { deliveries, subscription } = await consume(topology(['item.changed.v1']), async () => {
        await release.promise
        isFinished = true
        return done
      })
      const published = bus.publish(message('item.changed.v1'))
      await eventually(() => expect(deliveries).toHaveLength(1))
      const stopped = subscription[Symbol.asyncDispose]()
      release.resolve()
      await stopped
      expect(isFinished).toBe(true)
      expect(await published).toEqual({ confirmed: true })
    })

    test('a delivery without an outcome at the stop is not lost', async () => {
      const queue = topology(['item.changed.v1'])
      const { deliveries, subscription } = await consume(queue, () => ({ kind: 'release' }))
      const event = message('item.changed.v1')
      const published = bus.publish(event)
      await eventually(() => expect(deliveries).toHaveLength(1))
      await subscription[Symbol.asyncDispose]()
      const next = await consume(queue)
      // Either the publisher still has it, or the queue does.
      if (!(await published).confirmed) await bus.publish({ ...event, redelivered: true })
      await eventually(() =>
        expect(next.deliveries).toMatchObject([{ messageId: event.id, redelivered: true }]),
      )
    })

    test('a queue whose consumer stopped stays bound', async () => {
      const queue = topology(['item.changed.v1'])
      const { subscription } = await consume(queue)
      await subscription[Symbol.asyncDispose]()
      const event = message('item.changed.v1')
      const published = await bus.publish(event)
      const next = await consume(queue)
      if (!published.confirmed) await bus.publish(event)
      await eventually(() => expect(ids(next.deliveries)).toEqual([event.id]))
    })

    test('a transient queue goes with its subscription and hears everything of an owner', async () => {
      const bindings = [{ owner, type: '#' }]
      const { deliveries, subscription } = await consume(topology([], { bindings, transient: true }))
      await bus.publish(message('item.changed.v1'))
      await bus.publish(message('box.opened.v1'))
      await eventually(() => expect(deliveries).toHaveLength(2))
      await subscription[Symbol.asyncDispose]()
      expect(await bus.publish(message('item.changed.v1'))).toEqual({ confirmed: true })
    })
  })
}
