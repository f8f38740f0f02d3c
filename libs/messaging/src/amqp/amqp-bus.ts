import type { Logger } from 'pino'
import type { Bus } from '../bus.ts'
import { deadQueueOf, ownerOf } from '../topology.ts'
import { reviewDeadQueue } from './dead-letters.ts'
import { openLink } from './link.ts'
import { createPublisher } from './publisher.ts'
import { subscribe } from './subscription.ts'
import { toOptions } from './wire.ts'

export interface AmqpBusOptions {
  url: string
  /** Shown by the broker beside its connections. */
  name: string
  log: Logger
  onUnrouted: (type: string) => void
}

/** The bus on RabbitMQ. Publishing has a connection of its own, since an alarm of the broker blocks that one. */
export async function openAmqpBus({ url, name, log, onUnrouted }: AmqpBusOptions): Promise<Bus> {
  await using stack = new AsyncDisposableStack()
  const publishing = stack.use(await openLink(url, `${name} publish`, log))
  const consuming = stack.use(await openLink(url, `${name} consume`, log))
  const publisher = createPublisher(`${name} publish`, log, onUnrouted)
  publishing.add(publisher.channel)
  const owned = stack.move()

  return {
    publish: (message) =>
      publisher.publish({
        owner: ownerOf(message.type),
        routingKey: message.type,
        body: message.body,
        options: toOptions(message),
      }),
    send: (queue, message) =>
      publisher.publish({ owner: null, routingKey: queue, body: message.body, options: toOptions(message) }),
    consume: (topology, handle, prefetch = 20) =>
      subscribe({ link: consuming, publisher, topology, handle, prefetch, log }),
    async reviewDeadLetters(queue, judge) {
      await using temporary = await openTemporary()
      return await reviewDeadQueue(temporary.channel, publisher, queue, judge)
    },
    async countDeadLetters(queue) {
      await using temporary = await openTemporary()
      return (await temporary.channel.checkQueue(deadQueueOf(queue))).messageCount
    },
    async countWaiting(queue) {
      await using temporary = await openTemporary()
      return (await temporary.channel.checkQueue(queue)).messageCount
    },
    status: publishing.status,
    resume() {},
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }

  async function openTemporary() {
    const channel = await consuming.openChannel()
    channel.on('error', () => {}) // the pending call rejects with it
    return {
      channel,
      [Symbol.asyncDispose]: () => channel.close().catch(() => {}),
    }
  }
}
