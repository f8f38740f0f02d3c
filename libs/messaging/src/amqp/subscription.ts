import type { Channel, ConsumeMessage } from 'amqplib'
import type { Logger } from 'pino'
import type { Delivery, Outcome, QueueTopology, Subscription } from '../bus.ts'
import { keepChannel } from './channel.ts'
import { declareQueue } from './declare.ts'
import { forward } from './forward.ts'
import type { Link } from './link.ts'
import type { Publisher } from './publisher.ts'
import { toDelivery } from './wire.ts'

export interface SubscriptionOptions {
  link: Link
  publisher: Publisher
  topology: QueueTopology
  handle: (delivery: Delivery) => Promise<Outcome>
  prefetch: number
  log: Logger
}

/** Consumes a queue for as long as it is not disposed, across lost connections and cancelled consumers. */
export function subscribe({
  link,
  publisher,
  topology,
  handle,
  prefetch,
  log,
}: SubscriptionOptions): Subscription {
  const { name } = topology
  const running = new Set<Promise<void>>()
  /** What these channels had in hand the broker delivers again. */
  const closed = new WeakSet<Channel>()
  let tag = ''
  let isStopping = false

  const channel = keepChannel(
    name,
    log,
    (model) => model.createChannel(),
    async (fresh) => {
      fresh.once('close', () => closed.add(fresh))
      await declareQueue(fresh, topology)
      await fresh.prefetch(prefetch)
      const consume = await fresh.consume(name, (message) =>
        message ? take(fresh, message) : rebuild(fresh),
      )
      tag = consume.consumerTag
    },
  )

  // The broker cancels a consumer when its queue moves or a handler took too long; only a new channel helps.
  const rebuild = (on: Channel) => {
    log.warn({ queue: name }, 'broker cancelled the consumer')
    void on.close().catch(() => {})
  }

  const take = (on: Channel, message: ConsumeMessage) => {
    const work: Promise<void> = settle(on, message).finally(() => running.delete(work))
    running.add(work)
  }

  const settle = async (on: Channel, message: ConsumeMessage) => {
    const outcome = await handle(toDelivery(message))
    if (outcome.kind === 'release') return
    const isWanted = () => !closed.has(on) && !isStopping
    if (outcome.kind !== 'done' && !(await forward(message, outcome, { publisher, topology, log, isWanted })))
      return
    try {
      on.ack(message)
    } catch {
      // The channel is gone, so the broker delivers the message again; the inbox knows it.
    }
  }

  link.add(channel)
  return {
    ready: channel.ready,
    attached: () => channel.current() !== null,
    async [Symbol.asyncDispose]() {
      link.remove(channel)
      await channel
        .current()
        ?.cancel(tag)
        .catch(() => {})
      await Promise.all(running)
      isStopping = true
      await channel.close()
    },
  }
}
