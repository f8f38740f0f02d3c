import type { Envelope } from '@sandkeep/contracts'
import { type Database, sql, type Tx } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { Failpoints } from './failpoints.ts'
import type { Handler } from './handler.ts'
import { isNewest, remember } from './inbox.ts'
import { withOrigin } from './origin.ts'

/** Everything a handling needs that is the same for all events of a queue. */
export interface Handling {
  db: Database
  queue: string
  retryDelaysMs: readonly number[]
  log: Logger
  failpoints?: Failpoints
}

/** An event with the work its handler has read from it. */
export interface ReadEvent {
  event: Envelope
  handler: Handler
  work: (tx: Tx, log: Logger) => Promise<void>
}

export type Effect = 'handled' | 'duplicate' | 'stale'

/** Remembers the event and applies its effect, both in `tx`. */
export async function applyOnce(tx: Tx, handling: Handling, read: ReadEvent): Promise<Effect> {
  const { queue, log, failpoints } = handling
  const { event, handler, work } = read
  if (!(await remember(tx, queue, event.id))) return 'duplicate'
  if (handler.newestOnly && !(await isNewest(tx, queue, event.subject, event.sequence))) return 'stale'
  await withOrigin(event, () => work(tx, log.child({ queue, eventId: event.id, type: event.type })))
  failpoints?.('after-handle')
  return 'handled'
}

/** Runs `work` so that its failure leaves the transaction as it was before, and usable. */
export async function attempt<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run(sql`savepoint attempt`)
  try {
    return await work()
  } catch (error) {
    await tx.run(sql`rollback to savepoint attempt`)
    throw error
  }
}
