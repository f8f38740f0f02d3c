import { newId } from '@sandkeep/postgres'
import { type Broker, brokerVersions, engines, eventually } from '@sandkeep/testkit'
import { type Channel, connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { log } from '../../test/fixture.ts'
import { type Bus, type BusMessage, type Outcome, openBus, type QueueTopology } from '../index.ts'

const type = 'demo.item.changed.v1'
const message = (): BusMessage => ({ id: newId(), type, body: Buffer.from('{}') })

describe.each(brokerVersions)('policies on RabbitMQ %s', (version) => {
  let broker: Broker
  let stack: AsyncDisposableStack
  let bus: Bus

  beforeAll(async () => {
    broker = await engines.start('rabbitmq', { version })
    // What the broker cannot hand over it tries again after three minutes, unless told otherwise.
    await broker.ctl(
      'eval',
      'application:set_env(rabbit, dead_letter_worker_publisher_confirm_timeout, 500).',
    )
  })
  afterAll(() => broker[Symbol.asyncDispose]())
  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    bus = stack.use(await openBus(broker.url, { log, name: 'test' }))
    await eventually(() => expect(bus.status()).toBe('up'))
  })
  afterEach(() => stack.disposeAsync())

  const topology = (name: string, retryDelaysMs: number[] = []): QueueTopology => ({
    name,
    bindings: [{ owner: 'demo', type }],
    ordered: false,
    retryDelaysMs,
  })

  const limit = (queue: string, definition: object) =>
    broker.ctl('set_policy', '--apply-to', 'queues', queue, `^${queue}$`, JSON.stringify(definition))

  /** A queue without a consumer. */
  async function declare(queue: QueueTopology): Promise<void> {
    const subscription = bus.consume(queue, async () => ({ kind: 'done' }))
    await subscription.ready()
    await subscription[Symbol.asyncDispose]()
  }

  async function openChannel(): Promise<Channel> {
    const connection = await connect(broker.url)
    stack.defer(() => connection.close())
    return await connection.createChannel()
  }

  async function reasons(queue: string): Promise<string[]> {
    const found: string[] = []
    await bus.reviewDeadLetters(queue, async ({ reason }) => {
      found.push(reason)
      return 'keep'
    })
    return found
  }

  test('a message handed out too often without an outcome is a dead letter, with that reason', async () => {
    await declare(topology('limits.delivery'))
    await limit('limits.delivery', { 'delivery-limit': 2 })
    expect(await bus.publish(message())).toEqual({ confirmed: true })
    const channel = await openChannel()
    await channel.consume('limits.delivery', (it) => it && channel.reject(it, true))
    await eventually(async () =>
      expect(await reasons('limits.delivery')).toEqual(['given up by the broker: delivery_limit']),
    )
  })

  test('a full queue leaves what is published unconfirmed, until there is room', async () => {
    await declare(topology('limits.length'))
    await limit('limits.length', { 'max-length': 3 })
    let taken = 0
    await eventually(async () => {
      const { confirmed } = await bus.publish(message())
      if (confirmed) taken += 1
      expect(confirmed).toBe(false)
    })
    const ids = new Set<string>()
    const handle = async ({ messageId }: { messageId: string }): Promise<Outcome> => {
      ids.add(messageId)
      return { kind: 'done' }
    }
    stack.use(bus.consume(topology('limits.length'), handle))
    await eventually(() => expect(ids.size).toBe(taken))
    await eventually(async () => expect(await bus.publish(message())).toEqual({ confirmed: true }))
    await eventually(() => expect(ids.size).toBeGreaterThan(taken))
  })

  test('a retry that is due while its queue is gone waits for the queue', async () => {
    const queue = topology('limits.gone', [200])
    const failing = bus.consume(queue, async () => ({ kind: 'retry', reason: 'later' }))
    await failing.ready()
    const channel = await openChannel()
    const event = message()
    expect(await bus.publish(event)).toEqual({ confirmed: true })
    await eventually(async () =>
      expect((await channel.checkQueue('limits.gone.retry-200ms')).messageCount).toBe(1),
    )
    await failing[Symbol.asyncDispose]()
    await channel.deleteQueue('limits.gone')
    await eventually(async () =>
      expect(await broker.ctl('list_queues', 'name')).not.toMatch(/limits\.gone$/m),
    )
    const ids: string[] = []
    const handle = async ({ messageId }: { messageId: string }): Promise<Outcome> => {
      ids.push(messageId)
      return { kind: 'done' }
    }
    await eventually(async () =>
      expect((await channel.checkQueue('limits.gone.retry-200ms')).messageCount).toBe(0),
    )
    stack.use(bus.consume(queue, handle))
    await eventually(() => expect(ids).toEqual([event.id]), { timeoutMs: 30_000 })
  })
})
