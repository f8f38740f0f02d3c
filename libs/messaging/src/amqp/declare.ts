import type { Channel } from 'amqplib'
import type { QueueTopology } from '../bus.ts'
import { deadQueueOf, exchangeOf, retryQueueOf } from '../topology.ts'

/**
 * Only what makes a queue right is an argument here, since arguments cannot change: replication, the way of a
 * message that the broker gives up or that has waited long enough, and one consumer at a time. Limits are policies.
 */
const quorum = { 'x-queue-type': 'quorum' }

/** The broker hands a message over only once the other queue holds it. */
const handOverTo = (queue: string) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
})

export async function declareExchange(channel: Channel, owner: string): Promise<void> {
  await channel.assertExchange(exchangeOf(owner), 'topic', { durable: true })
}

/** Declares the queue, its retry queues and its dead letters, and binds it. Repeating it changes nothing. */
export async function declareQueue(channel: Channel, topology: QueueTopology): Promise<void> {
  const { name } = topology
  if (topology.transient)
    await channel.assertQueue(name, { exclusive: true, durable: false, autoDelete: true })
  else await declareDurable(channel, topology)
  for (const { owner, type } of topology.bindings) {
    await declareExchange(channel, owner)
    await channel.bindQueue(name, exchangeOf(owner), type)
  }
}

async function declareDurable(
  channel: Channel,
  { name, ordered, retryDelaysMs }: QueueTopology,
): Promise<void> {
  const dead = deadQueueOf(name)
  await channel.assertQueue(dead, { durable: true, arguments: quorum })
  for (const delayMs of retryDelaysMs) {
    const args = { ...quorum, ...handOverTo(name), 'x-message-ttl': delayMs }
    await channel.assertQueue(retryQueueOf(name, delayMs), { durable: true, arguments: args })
  }
  const single = ordered ? { 'x-single-active-consumer': true } : {}
  await channel.assertQueue(name, { durable: true, arguments: { ...quorum, ...handOverTo(dead), ...single } })
}
