import type { Tx } from '@sandkeep/postgres'
import { afterFailure, type NextStep } from './attempt.ts'
import { isTemporaryDatabaseError, reasonOf } from './errors.ts'
import { applyOnce, attempt, type Effect, type Handling, type ReadEvent } from './handling.ts'
import { findDueHead, hasParked, lockAggregate, markDead, park, postpone, unpark } from './parked-store.ts'

/** `waiting` stands behind another event of its aggregate; `parked` failed; `buried` failed for the last time. */
export type OrderedResult = { kind: Effect | 'waiting' } | { kind: 'parked' | 'buried'; reason: string }

/** Handles an event, or lets it wait: when it fails, or when one before it failed. */
export function handleInOrder(handling: Handling, read: ReadEvent): Promise<OrderedResult> {
  const { db, queue } = handling
  return db.transaction(async (tx) => {
    await lockAggregate(tx, queue, read.event.subject)
    if (await hasParked(tx, queue, read.event.subject)) {
      await park(tx, queue, read.event)
      return { kind: 'waiting' }
    }
    try {
      return { kind: await attempt(tx, () => applyOnce(tx, handling, read)) }
    } catch (error) {
      if (isTemporaryDatabaseError(error)) throw error
      await park(tx, queue, read.event)
      return await recordFailure(tx, handling, read.event, 0, error)
    }
  })
}

export interface HeadResult {
  event: ReadEvent['event']
  attempts: number
  result: OrderedResult
}

/** Handles the waiting event of the aggregate whose turn it is; null when there is none. */
export function handleHead(
  handling: Handling,
  aggregateId: string,
  read: (event: ReadEvent['event']) => ReadEvent,
): Promise<HeadResult | null> {
  const { db, queue } = handling
  return db.transaction(async (tx) => {
    await lockAggregate(tx, queue, aggregateId)
    const head = await findDueHead(tx, queue, aggregateId)
    if (!head) return null
    const { event, attempts } = head
    try {
      const kind = await attempt(tx, () => applyOnce(tx, handling, read(event)))
      await unpark(tx, queue, event.id)
      return { event, attempts, result: { kind } }
    } catch (error) {
      if (isTemporaryDatabaseError(error)) throw error
      return { event, attempts, result: await recordFailure(tx, handling, event, attempts, error) }
    }
  })
}

async function recordFailure(
  tx: Tx,
  { queue, retryDelaysMs }: Handling,
  event: ReadEvent['event'],
  attempts: number,
  error: unknown,
): Promise<OrderedResult> {
  const reason = reasonOf(error)
  const next: NextStep = afterFailure(error, attempts, retryDelaysMs)
  if (next.kind === 'dead') await markDead(tx, queue, event.id, reason)
  else await postpone(tx, queue, event.id, next.delayMs, reason)
  return { kind: next.kind === 'dead' ? 'buried' : 'parked', reason }
}
