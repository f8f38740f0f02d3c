import type { ConfirmChannel, Message } from 'amqplib'
import type { Logger } from 'pino'
import type { PublishResult } from '../bus.ts'
import { reasonOf } from '../errors.ts'
import { exchangeOf } from '../topology.ts'
import { type KeptChannel, keepChannel } from './channel.ts'
import { declareExchange } from './declare.ts'
import { createKnownRoutes } from './known-routes.ts'
import type { Stamped } from './wire.ts'

const confirmTimeoutMs = 10_000

export interface Parcel {
  /** The owner whose exchange it goes to; null sends it to the queue named by `routingKey`. */
  owner: string | null
  routingKey: string
  body: Buffer
  options: Stamped
}

export interface Publisher {
  channel: KeptChannel<ConfirmChannel>
  publish(parcel: Parcel): Promise<PublishResult>
}

/** Publishes with confirms. `onUnrouted` is told of events that no queue is bound to. */
export function createPublisher(name: string, log: Logger, onUnrouted: (type: string) => void): Publisher {
  const owners = new Map<string, Promise<void>>()
  const returned = new Set<string>()
  const routes = createKnownRoutes()

  const channel = keepChannel(
    name,
    log,
    (model) => model.createConfirmChannel(),
    async (fresh) => {
      routes.reconnected()
      // A return comes before the confirm of its message.
      fresh.on('return', (message: Message) => returned.add(String(message.properties.messageId)))
      for (const owner of owners.keys()) await declareExchange(fresh, owner)
    },
  )

  // Awaited by every publish, so that those made meanwhile keep their order.
  const ensureExchange = (owner: string, on: ConfirmChannel): Promise<void> => {
    const known = owners.get(owner) ?? declareExchange(on, owner)
    owners.set(owner, known)
    known.catch(() => owners.delete(owner))
    return known
  }

  const settleRouted = (routingKey: string): PublishResult => {
    routes.taken(routingKey)
    return { confirmed: true }
  }

  const settleUnrouted = (owner: string | null, routingKey: string): PublishResult => {
    if (owner === null) return unconfirmed(`there is no queue ${routingKey}`)
    if (routes.isExpected(routingKey)) return unconfirmed(`the queue that took ${routingKey} is not back yet`)
    onUnrouted(routingKey)
    return { confirmed: true }
  }

  const transmit = (
    on: ConfirmChannel,
    { owner, routingKey, body, options }: Parcel,
  ): Promise<PublishResult> => {
    const { promise, resolve } = Promise.withResolvers<PublishResult>()
    const timer = setTimeout(
      () => resolve(unconfirmed(`no confirm within ${confirmTimeoutMs} ms`)),
      confirmTimeoutMs,
    )
    const settle = (error: unknown) => {
      clearTimeout(timer)
      const isUnrouted = returned.delete(options.messageId)
      if (error) resolve(unconfirmed(reasonOf(error)))
      else resolve(isUnrouted ? settleUnrouted(owner, routingKey) : settleRouted(routingKey))
    }
    on.publish(owner ? exchangeOf(owner) : '', routingKey, body, { ...options, mandatory: true }, settle)
    return promise
  }

  return {
    channel,
    async publish(parcel) {
      try {
        const on = channel.current()
        if (!on) return unconfirmed('the broker is not connected')
        if (parcel.owner) await ensureExchange(parcel.owner, on)
        return await transmit(channel.current() ?? on, parcel)
      } catch (error) {
        return unconfirmed(reasonOf(error))
      }
    },
  }
}

const unconfirmed = (reason: string): PublishResult => ({ confirmed: false, reason })
