import type { Message, Options } from 'amqplib'
import type { BusMessage, DeadLetter, Delivery } from '../bus.ts'

/** Headers stay tiny: everything about the event is in the body. */
const header = { attempt: 'x-attempt', replay: 'x-replay', reason: 'x-reason', diedAt: 'x-died-at' } as const

export type Stamped = Options.Publish & { messageId: string }

const base = ({ id, type }: Pick<BusMessage, 'id' | 'type'>): Stamped => ({
  messageId: id,
  type,
  persistent: true,
  contentType: 'application/cloudevents+json; charset=utf-8',
})

export const toOptions = (message: BusMessage): Stamped => ({
  ...base(message),
  ...(message.replay && { headers: { [header.replay]: true } }),
})

/** The same message, for its next attempt. */
export function toRetryOptions(message: Message): Stamped {
  const { messageId: id, attempt, replay } = toDelivery(message)
  const headers = { [header.attempt]: attempt + 1, ...(replay && { [header.replay]: true }) }
  return { ...base({ id, type: typeOf(message) }), headers }
}

/** The same message as a dead letter. */
export function toDeadOptions(message: Message, reason: string): Stamped {
  const { messageId: id, attempt } = toDelivery(message)
  const headers = {
    [header.attempt]: attempt + 1,
    [header.reason]: reason,
    [header.diedAt]: new Date().toISOString(),
  }
  return { ...base({ id, type: typeOf(message) }), headers }
}

export function toDelivery(message: Message): Delivery {
  return {
    messageId: text(message.properties.messageId),
    body: message.content,
    attempt: number(headerOf(message, header.attempt)),
    redelivered: message.fields.redelivered,
    replay: headerOf(message, header.replay) === true,
  }
}

export function toDeadLetter(message: Message): DeadLetter {
  const reason = text(headerOf(message, header.reason))
  return {
    messageId: text(message.properties.messageId),
    type: typeOf(message),
    // Without a reason of ours the broker gave it up: its consumers died over it, or the queue refused it.
    reason:
      reason ||
      `given up by the broker: ${text(message.properties.headers?.['x-first-death-reason']) || 'unknown'}`,
    attempts: number(headerOf(message, header.attempt)),
    diedAt: text(headerOf(message, header.diedAt)) || new Date(0).toISOString(),
    body: message.content,
  }
}

export const typeOf = (message: Message) => text(message.properties.type) || message.fields.routingKey

const headerOf = (message: Message, name: string): unknown => message.properties.headers?.[name]
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const number = (value: unknown) => (typeof value === 'number' ? value : 0)
