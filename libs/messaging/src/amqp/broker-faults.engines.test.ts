import { setTimeout as delay } from 'node:timers/promises'
import { newId } from '@sandkeep/postgres'
import { type Broker, brokerVersions, engines, eventually } from '@sandkeep/testkit'
import { connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { log } from '../../test/fixture.ts'
import { type Bus, type BusMessage, deadQueueOf, openBus, type QueueTopology } from '../index.ts'

const paceMs = 2
const type = 'demo.item.changed.v1'
const message = (): BusMessage => ({ id: newId(), type, body: Buffer.from('{}') })

describe.each(brokerVersions)('RabbitMQ %s', (version) => {
  let broker: Broker
  let stack: AsyncDisposableStack
  let bus: Bus

  beforeAll(async () => {
    broker = await engines.start('rabbitmq', { version })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    bus = stack.use(await openBus(broker.url, { log, name: 'test' }))
  })
  afterEach(() => stack.disposeAsync())

  /** A consumer of a queue of the test's own, with the ids it handled. */
  async function consume(
    name: string,
  ): Promise<{ queue: QueueTopology; ids: Set<string>; attached: () => boolean }> {
    const queue = { name, bindings: [{ owner: 'demo', type }], ordered: false, retryDelaysMs: [50] }
    const ids = new Set<string>()
    const subscription = stack.use(
      bus.consume(queue, async ({ messageId }) => {
        ids.add(messageId)
        return { kind: 'done' }
      }),
    )
    await subscription.ready()
    return { queue, ids, attached: subscription.attached }
  }

  const isUp = () => eventually(() => expect(bus.status()).toBe('up'), { timeoutMs: 60_000 })

  /** The broker as an administrator sees it. */
  async function administer(
    work: (
      channel: Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>,
    ) => Promise<unknown>,
  ) {
    const connection = await connect(broker.url)
    const channel = await connection.createChannel()
    await work(channel)
    await channel.close()
    await connection.close()
  }

  /** Queues of tests before are bound too. */
  async function queuesBoundTo(key: string): Promise<string[]> {
    const rows = await broker.ctl('-q', 'list_bindings', 'source_name', 'destination_name', 'routing_key')
    const bindings = rows.split('\n').map((row) => row.trim().split('\t'))
    return bindings.flatMap(([source, name = '', routing]) =>
      source === 'demo.events' && routing === key ? [name] : [],
    )
  }

  /** A broker writes the names of new queues down half a second late, and killed before cannot recover them. */
  const namesOnDisk = () => broker.ctl('eval', '[dets:sync(Table) || Table <- dets:all()].')

  test('what the broker confirmed survives its kill, and bus and consumer come back by themselves', async () => {
    const { ids, attached } = await consume('test.killed')
    await isUp()
    await namesOnDisk()
    const confirmed: string[] = []
    const publish = async () => {
      const event = message()
      if ((await bus.publish(event)).confirmed) confirmed.push(event.id)
    }
    let isOver = false
    const publishing = Array.from({ length: 20 }, async () => {
      for (; !isOver; await delay(paceMs)) await publish()
    })
    await eventually(() => expect(confirmed.length).toBeGreaterThan(100))
    await broker.restart()
    isOver = true
    await Promise.all(publishing)
    await isUp()
    await eventually(() => expect(attached()).toBe(true), { timeoutMs: 30_000 })
    await publish()
    await eventually(() => expect(confirmed.filter((id) => !ids.has(id))).toEqual([]), { timeoutMs: 30_000 })
  })

  test('a publish without a broker is unconfirmed at once', async () => {
    await isUp()
    await broker.kill()
    await eventually(() => expect(bus.status()).toBe('down'))
    expect(await bus.publish(message())).toMatchObject({ confirmed: false })
    await broker.restart()
    await isUp()
  })

  test('a broker that falls silent leaves a publish unconfirmed, not hanging', async () => {
    await isUp()
    await bus.publish(message())
    await broker.pause()
    expect(await bus.publish(message())).toEqual({ confirmed: false, reason: 'no confirm within 10000 ms' })
    await broker.resume()
    await eventually(async () => expect(await bus.publish(message())).toEqual({ confirmed: true }), {
      timeoutMs: 60_000,
    })
  })

  test('an alarm of the broker shows as blocked, and consuming goes on', async () => {
    const { ids } = await consume('test.blocked')
    await isUp()
    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '1MB')
    const event = message()
    const published = bus.publish(event)
    await eventually(() => expect(bus.status()).toBe('blocked'))
    await broker.ctl('set_vm_memory_high_watermark', '0.4')
    await isUp()
    await published
    await eventually(() => expect(ids).toContain(event.id))
  })

  test('what waits when a consumer comes and fails at once ends among the dead letters, all of it', async () => {
    const queue = {
      name: 'test.backlog',
      bindings: [{ owner: 'demo', type }],
      ordered: false,
      retryDelaysMs: [],
    }
    const first = bus.consume(queue, async () => ({ kind: 'done' }))
    await first.ready()
    await first[Symbol.asyncDispose]()
    await isUp()
    for (let n = 0; n < 50; n++) await bus.publish(message())
    stack.use(bus.consume(queue, async () => ({ kind: 'dead', reason: 'malformed' })))
    await eventually(async () => expect(await bus.countDeadLetters(queue.name)).toBe(50))
  })

  test('a consumer whose queue was deleted makes it again', async () => {
    const { queue, ids } = await consume('test.deleted')
    await isUp()
    await administer((channel) => channel.deleteQueue(queue.name))
    await eventually(
      async () => {
        const event = message()
        await bus.publish(event)
        expect(ids).toContain(event.id)
      },
      { timeoutMs: 20_000 },
    )
  })

  test('a queue that exists with other arguments keeps its own consumer waiting, and no other', async () => {
    await administer((channel) => channel.assertQueue('test.drifted', { durable: true }))
    const queue = {
      name: 'test.drifted',
      bindings: [{ owner: 'demo', type }],
      ordered: false,
      retryDelaysMs: [50],
    }
    const drifted = stack.use(bus.consume(queue, async () => ({ kind: 'done' })))
    const { ids } = await consume('test.sound')
    await isUp()
    const event = message()
    await bus.publish(event)
    await eventually(() => expect(ids).toContain(event.id))
    expect(drifted.attached()).toBe(false)
    await administer((channel) => channel.deleteQueue('test.drifted'))
    await eventually(() => expect(drifted.attached()).toBe(true))
  })

  test('what a queue took is not confirmed while a broker that came back does not route it there', async () => {
    const { queue, ids } = await consume('test.unbound')
    await isUp()
    expect(await bus.publish(message())).toEqual({ confirmed: true })
    await eventually(() => expect(ids.size).toBe(1))
    await stack.disposeAsync()
    stack = new AsyncDisposableStack()
    bus = stack.use(await openBus(broker.url, { log, name: 'test' }))
    await isUp()
    expect(await bus.publish(message())).toEqual({ confirmed: true })
    const binding = [queue.name, 'demo.events', type] as const
    await administer(async (channel) => {
      for (const name of await queuesBoundTo(type)) await channel.unbindQueue(name, 'demo.events', type)
    })
    // It may be back before the command is.
    const down = eventually(() => expect(bus.status()).toBe('down'), { timeoutMs: 30_000 })
    await broker.ctl('close_all_connections', 'test')
    await down
    await isUp()
    expect(await bus.publish(message())).toMatchObject({ confirmed: false })
    await administer((channel) => channel.bindQueue(...binding))
    await eventually(async () => expect(await bus.publish(message())).toEqual({ confirmed: true }))
  })

  test('a message that the broker gives up is among the dead letters, told as such', async () => {
    const { queue } = await consume('test.given-up')
    await isUp()
    const event = message()
    await administer(async (channel) => {
      const headers = { 'x-first-death-reason': 'delivery_limit' }
      channel.sendToQueue(deadQueueOf(queue.name), event.body, {
        messageId: event.id,
        type,
        headers,
        persistent: true,
      })
    })
    await eventually(async () => {
      const reasons: string[] = []
      await bus.reviewDeadLetters(queue.name, async ({ reason }) => {
        reasons.push(reason)
        return 'keep'
      })
      expect(reasons).toEqual(['given up by the broker: delivery_limit'])
    })
  })

  test('a bus opened before its broker connects when it can', async () => {
    await broker.kill()
    const early = stack.use(await openBus(broker.url, { log, name: 'early' }))
    expect(early.status()).toBe('down')
    await broker.restart()
    await eventually(() => expect(early.status()).toBe('up'), { timeoutMs: 30_000 })
  })
})
