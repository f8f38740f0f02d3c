import { setTimeout as delay } from 'node:timers/promises'
import type { ConsumeMessage } from 'amqplib'
import type { Logger } from 'pino'
import type { Outcome, QueueTopology } from '../bus.ts'
import { deadQueueOf, retryQueueOf } from '../topology.ts'
import type { Publisher } from './publisher.ts'
import { toDeadOptions, toDelivery, toRetryOptions } from './wire.ts'

const pauseMs = 1_000

export interface ForwardOptions {
  publisher: Publisher
  topology: QueueTopology
  log: Logger
  /** False once the broker will deliver the message again by itself. */
  isWanted: () => boolean
}

/**
 * Puts a copy of a failed message where it waits for its next try, or rests; tries until it is confirmed. Only then
 * may the message be acknowledged. False when that is not wanted any more.
 */
export async function forward(
  message: ConsumeMessage,
  outcome: Extract<Outcome, { reason: string }>,
  { publisher, topology, log, isWanted }: ForwardOptions,
): Promise<boolean> {
  const parcel = { ...destinationOf(message, outcome, topology), owner: null, body: message.content }
  while (isWanted()) {
    const result = await publisher.publish(parcel)
    if (result.confirmed) return true
    log.warn(
      { queue: topology.name, to: parcel.routingKey, reason: result.reason },
      'event could not be moved',
    )
    await delay(pauseMs)
  }
  return false
}

/** The retry queue of the attempt, or after the last one the dead letters. */
function destinationOf(
  message: ConsumeMessage,
  { kind, reason }: Extract<Outcome, { reason: string }>,
  { name, retryDelaysMs }: QueueTopology,
) {
  const delayMs = kind === 'retry' ? retryDelaysMs[toDelivery(message).attempt] : undefined
  return delayMs === undefined
    ? { routingKey: deadQueueOf(name), options: toDeadOptions(message, reason) }
    : { routingKey: retryQueueOf(name, delayMs), options: toRetryOptions(message) }
}
