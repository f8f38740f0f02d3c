import { sql, type Tx } from '@sandkeep/postgres'
import type { StoredEvent } from './stored-event.ts'

export const wakeupChannel = 'messaging_outbox'

/** Tells the relay, in whatever process it works, that something was committed. */
export async function wakeRelay(tx: Tx): Promise<void> {
  await tx.run(sql`select pg_notify(${wakeupChannel}, '')`)
}

export interface PendingEvent extends StoredEvent {
  seq: number
  attempts: number
}

/** The oldest events that are not in flight. A cursor on seq would skip what commits late; this cannot. */
export function findPending(tx: Tx, inFlight: number[], limit: number): Promise<PendingEvent[]> {
  return tx.query(sql`
    select seq, id, type, aggregate_id, aggregate_version, data, context, occurred_at, attempts
    from messaging.outbox where seq <> all(${inFlight}::bigint[]) order by seq limit ${limit}`)
}

/** Moves confirmed events to the log, giving each the next position. */
export function moveToLog(tx: Tx, seqs: number[]): Promise<number> {
  return tx.run(sql`
    with moved as (
      delete from messaging.outbox where seq = any(${seqs}::bigint[]) returning *
    ), total as (
      select count(*) as n from moved
    ), head as (
      update messaging.event_log_head set position = position + total.n from total where total.n > 0
      returning position - total.n as base
    )
    insert into messaging.event_log
      (position, id, aggregate_type, aggregate_id, aggregate_version, type, data, context, occurred_at)
    select head.base + row_number() over (order by moved.seq), id, aggregate_type, aggregate_id,
      aggregate_version, type, data, context, occurred_at
    from moved, head`)
}

export async function countAttempt(tx: Tx, seqs: number[]): Promise<void> {
  await tx.run(sql`update messaging.outbox set attempts = attempts + 1 where seq = any(${seqs}::bigint[])`)
}

/** Counts an attempt for the events that a relay that died may have had in flight; they may be with consumers. */
export async function suspectOldest(tx: Tx, limit: number): Promise<void> {
  await tx.run(sql`update messaging.outbox set attempts = attempts + 1
    where seq in (select seq from messaging.outbox order by seq limit ${limit})`)
}

export async function measureOutbox(tx: Tx): Promise<{ pending: number; oldestSeconds: number }> {
  const row = await tx.one<{ pending: number; oldest: Date | null }>(sql`
    select count(*) as pending, min(occurred_at) as oldest from messaging.outbox`)
  const oldestSeconds = row?.oldest ? Math.max(0, (Date.now() - row.oldest.getTime()) / 1000) : 0
  return { pending: row?.pending ?? 0, oldestSeconds }
}

export async function ensurePartitions(tx: Tx): Promise<number> {
  const row = await tx.one<{ made: number }>(sql`select messaging.ensure_event_log_partitions(3) as made`)
  return row?.made ?? 0
}
