import { randomUUID } from 'node:crypto'
import { openBus } from '@sandkeep/messaging'
import { connect } from 'amqplib'
import { pino } from 'pino'
import type { OpenWork } from './work.ts'

const prefetch = 20
const exchange = 'bench.events'
const body = Buffer.from(JSON.stringify({ text: 'a few words '.repeat(40) }))

/** What was sent and waits to be handled. */
function createArrivals() {
  const waiting = new Map<string, () => void>()
  return {
    expect(id: string): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(id, resolve)
      return promise
    },
    arrived(id: string): void {
      waiting.get(id)?.()
      waiting.delete(id)
    },
  }
}

/** Published, confirmed, handed over and acknowledged. */
export const busRoundTrip: OpenWork = async ({ url }) => {
  const bus = await openBus(url, { log: pino({ level: 'silent' }), name: 'bench' })
  const arrivals = createArrivals()
  const type = 'bench.ours.sent'
  const bindings = [{ owner: 'bench', type }]
  const topology = { name: 'bench.ours', bindings, ordered: false, retryDelaysMs: [] }
  const subscription = bus.consume(
    topology,
    async ({ messageId }) => {
      arrivals.arrived(messageId)
      return { kind: 'done' }
    },
    prefetch,
  )
  await subscription.ready()
  return {
    async once() {
      const id = randomUUID()
      const arrival = arrivals.expect(id)
      const result = await bus.publish({ id, type, body })
      if (!result.confirmed) throw new Error(result.reason)
      await arrival
    },
    async [Symbol.asyncDispose]() {
      await subscription[Symbol.asyncDispose]()
      await bus[Symbol.asyncDispose]()
    },
  }
}

export const bareRoundTrip: OpenWork = async ({ url }) => {
  const [publishing, consuming] = await Promise.all([connect(url), connect(url)])
  const [sender, receiver] = await Promise.all([publishing.createConfirmChannel(), consuming.createChannel()])
  const arrivals = createArrivals()
  const [queue, type] = ['bench.bare', 'bench.bare.sent']
  await receiver.assertExchange(exchange, 'topic', { durable: true })
  await receiver.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  await receiver.bindQueue(queue, exchange, type)
  await receiver.prefetch(prefetch)
  await receiver.consume(queue, (message) => {
    if (!message) return
    arrivals.arrived(String(message.properties.messageId))
    receiver.ack(message)
  })
  return {
    async once() {
      const messageId = randomUUID()
      const arrival = arrivals.expect(messageId)
      const { promise: confirmed, resolve, reject } = Promise.withResolvers<void>()
      const options = { messageId, type, persistent: true, mandatory: true, contentType: 'application/json' }
      sender.publish(exchange, type, body, options, (error: unknown) => (error ? reject(error) : resolve()))
      await confirmed
      await arrival
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([publishing.close(), consuming.close()])
    },
  }
}
