import { readdir, writeFile } from 'node:fs/promises'
import { newId } from '@sandkeep/postgres'
import { capturedLogs, eventually, tempDirectory } from '@sandkeep/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { busContract } from '../test/bus-contract.ts'
import { log } from '../test/fixture.ts'
import {
  type Bus,
  type BusMessage,
  type Delivery,
  type Outcome,
  openBus,
  type QueueTopology,
} from './index.ts'

const queue: QueueTopology = {
  name: 'test.items',
  bindings: [{ owner: 'demo', type: 'demo.item.changed.v1' }],
  ordered: false,
  retryDelaysMs: [20],
}
const message = (): BusMessage => ({
  id: newId(),
  type: 'demo.item.changed.v1',
  body: Buffer.from('{"ø":1}'),
})

describe('memory bus', () => {
  busContract(() => openBus('memory:', { log, name: 'test' }))

  test('nothing is published until all consumers are bound', async () => {
    await using bus = await openBus('memory:', { log, name: 'test' })
    expect(bus.status()).toBe('down')
    expect(await bus.publish(message())).toMatchObject({ confirmed: false })
    bus.resume()
    expect(bus.status()).toBe('up')
  })

  test('an event is confirmed only when every queue is done with it', async () => {
    await using bus = await openBus('memory:', { log, name: 'test' })
    bus.resume()
    const release = Promise.withResolvers<Outcome>()
    bus.consume(queue, async () => ({ kind: 'done' }))
    bus.consume({ ...queue, name: 'test.slow' }, () => release.promise)
    let isConfirmed = false
    const published = bus.publish(message()).then((result) => {
      isConfirmed = result.confirmed
    })
    await new Promise(setImmediate)
    expect(isConfirmed).toBe(false)
    release.resolve({ kind: 'done' })
    await published
    expect(isConfirmed).toBe(true)
  })

  test('an event that waits for a retry goes back to its publisher when the consumer stops', async () => {
    await using bus = await openBus('memory:', { log, name: 'test' })
    bus.resume()
    const subscription = bus.consume({ ...queue, retryDelaysMs: [60_000] }, async () => ({
      kind: 'retry',
      reason: 'r',
    }))
    const published = bus.publish(message())
    await new Promise(setImmediate)
    await subscription[Symbol.asyncDispose]()
    expect(await published).toEqual({ confirmed: false, reason: 'the consumer stopped' })
  })
})

describe('memory bus with a directory', () => {
  let stack: AsyncDisposableStack
  let url: string
  beforeEach(async () => {
    stack = new AsyncDisposableStack()
    url = `memory:${await tempDirectory(stack)}`
  })
  afterEach(() => stack.disposeAsync())

  busContract(() => openBus(url, { log, name: 'test' }))

  const open = async (handle?: (delivery: Delivery) => Outcome): Promise<Bus> => {
    const bus = stack.use(await openBus(url, { log, name: 'test' }))
    if (handle) stack.use(bus.consume(queue, async (delivery) => handle(delivery)))
    bus.resume()
    return bus
  }

  test('dead letters outlive the process', async () => {
    const event = message()
    await (await open(() => ({ kind: 'dead', reason: 'malformed' }))).publish(event)
    const later = await open()
    const found: unknown[] = []
    await later.reviewDeadLetters(queue.name, async (letter) => {
      found.push({ ...letter, body: letter.body.toString() })
      return 'keep'
    })
    expect(found).toMatchObject([{ messageId: event.id, reason: 'malformed', attempts: 1, body: '{"ø":1}' }])
  })

  test('an event that dies twice, as after a kill, leaves one letter', async () => {
    const event = message()
    const bus = await open(() => ({ kind: 'dead', reason: 'malformed' }))
    await bus.publish(event)
    await bus.publish(event)
    expect(await bus.countDeadLetters(queue.name)).toBe(1)
  })

  test('a file that is no message stays, is told of once, and disturbs no other', async () => {
    const logs = capturedLogs()
    const bus = stack.use(await openBus(url, { log: pino({}, logs), name: 'test' }))
    const handled: string[] = []
    stack.use(
      bus.consume(queue, async ({ messageId }) => {
        handled.push(messageId)
        return { kind: 'done' }
      }),
    )
    bus.resume()
    const first = message()
    const second = message()
    await bus.send(queue.name, first)
    const spool = `${url.slice('memory:'.length)}/${queue.name}/spool`
    await writeFile(`${spool}/0-broken.json`, '{"id":')
    await eventually(() => expect(handled).toEqual([first.id]))
    await bus.send(queue.name, second)
    await eventually(() => expect(handled).toEqual([first.id, second.id]))
    await eventually(async () => expect(await readdir(spool)).toEqual(['0-broken.json']))
    const told = logs.lines.filter((line) => String(line['key']).endsWith('0-broken.json'))
    expect(told).toHaveLength(1)
  })

  test('what another process sends or redrives reaches the consumer, and is kept until it is handled', async () => {
    let isBroken = true
    const handled: string[] = []
    await open((delivery) => {
      if (isBroken) return { kind: 'dead', reason: 'malformed' }
      handled.push(delivery.messageId)
      return { kind: 'done' }
    })
    const tool = await open()
    const sent = message()
    expect(await tool.send(queue.name, { ...sent, replay: true })).toEqual({ confirmed: true })
    await eventually(async () => expect(await tool.countDeadLetters(queue.name)).toBe(1))
    isBroken = false
    await tool.reviewDeadLetters(queue.name, async () => 'redrive')
    await eventually(() => expect(handled).toEqual([sent.id]))
    const spool = `${url.slice('memory:'.length)}/${queue.name}/spool`
    await eventually(async () => expect(await readdir(spool)).toEqual([]))
    expect(await tool.countDeadLetters(queue.name)).toBe(0)
  })
})
