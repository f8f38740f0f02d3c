import { setTimeout as delay } from 'node:timers/promises'
import { parseEnvelope } from '@sandkeep/contracts'
import { isUnavailable } from '@sandkeep/postgres'
import { afterFailure } from './attempt.ts'
import type { Delivery, Outcome } from './bus.ts'
import { isTemporaryDatabaseError, reasonOf } from './errors.ts'
import type { ConsumerDefinition, Handler } from './handler.ts'
import { applyOnce, type Effect, type Handling, type ReadEvent } from './handling.ts'
import { forgetRedelivery, suspectRedelivery } from './inbox.ts'
import { createKeyedQueue } from './keyed.ts'
import { handleInOrder, type OrderedResult } from './ordered.ts'
import type { Report } from './report.ts'

/** A message handed out so often without an outcome kills its consumer: it must not get another chance. */
const maxRedeliveries = 10
const firstPauseMs = 250
const longestPauseMs = 5_000

/** What a delivery became. `ignored` has no handler (any more); `release` had no outcome before the stop. */
export type Result =
  | OrderedResult
  | { kind: Effect | 'ignored' | 'release' }
  | { kind: 'retry' | 'dead'; reason: string }

export interface DeliverOptions {
  definition: ConsumerDefinition
  handling: Handling
  report: Report
  stop: AbortSignal
}

/** Makes the function that turns a delivery into an outcome. It never rejects. */
export function createDeliver(options: DeliverOptions): (delivery: Delivery) => Promise<Outcome> {
  const { definition, handling, report, stop } = options
  const { ordered } = definition.topology
  const inTurn = createKeyedQueue()

  const settle = async (delivery: Delivery, read: ReadEvent): Promise<Result> => {
    const work = () =>
      whileDatabaseIsAway(handling, stop, () => handleDelivery(handling, ordered, delivery, read))
    return await (ordered ? inTurn(read.event.subject, work) : work())
  }

  return async (delivery) => {
    const startedAt = performance.now()
    const found = findHandler(definition, delivery)
    const result = 'handler' in found ? await settle(delivery, found) : found
    report(result, 'handler' in found ? found.event : null, { ...delivery, startedAt })
    if (result.kind === 'handled' || result.kind === 'duplicate') handling.failpoints?.('before-acknowledge')
    return toOutcome(result)
  }
}

function findHandler(definition: ConsumerDefinition, delivery: Delivery): ReadEvent | Result {
  try {
    const event = parseEnvelope(delivery.body)
    const handler = definition.handlers.get(event.type)
    return handler ? readWith(handler, event, delivery.replay) : { kind: 'ignored' }
  } catch (error) {
    return { kind: 'dead', reason: reasonOf(error) }
  }
}

export function readWith(handler: Handler, event: ReadEvent['event'], replay: boolean): ReadEvent {
  return { event, handler, work: handler.read(event, replay) }
}

async function handleDelivery(
  handling: Handling,
  ordered: boolean,
  delivery: Delivery,
  read: ReadEvent,
): Promise<Result> {
  const { db, queue } = handling
  if (delivery.redelivered) {
    const times = await suspectRedelivery(db, queue, delivery.messageId)
    if (times > maxRedeliveries)
      return { kind: 'dead', reason: `handed out ${times} times without an outcome` }
  }
  const result = await (ordered
    ? handleInOrder(handling, read)
    : handleAnyOrder(handling, read, delivery.attempt))
  if (delivery.redelivered) await forgetRedelivery(db, queue, delivery.messageId)
  return result
}

async function handleAnyOrder(handling: Handling, read: ReadEvent, attempt: number): Promise<Result> {
  try {
    return { kind: await handling.db.transaction((tx) => applyOnce(tx, handling, read)) }
  } catch (error) {
    if (isTemporaryDatabaseError(error)) throw error
    const { kind } = afterFailure(error, attempt, handling.retryDelaysMs)
    return { kind, reason: reasonOf(error) }
  }
}

/** Holds the message while the database is away: that is no failure of the event, and nothing else would go better. */
async function whileDatabaseIsAway(
  handling: Handling,
  stop: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let pauseMs = firstPauseMs; !stop.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work()
    } catch (error) {
      const reason = reasonOf(error)
      // A statement that ran out of time is the handler's fault only inside the handler.
      if (!isTemporaryDatabaseError(error) && !isUnavailable(error)) return { kind: 'retry', reason }
      handling.log.warn({ queue: handling.queue, reason, pauseMs }, 'event waits for the database')
      await delay(pauseMs, undefined, { signal: stop }).catch(() => {})
    }
  }
  return { kind: 'release' }
}

function toOutcome(result: Result): Outcome {
  if (result.kind === 'retry' || result.kind === 'dead' || result.kind === 'release') return result as Outcome
  return { kind: 'done' }
}
