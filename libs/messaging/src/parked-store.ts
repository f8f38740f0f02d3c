import { type Envelope, parseEnvelope } from '@sandkeep/contracts'
import { sql, type Tx } from '@sandkeep/postgres'

export interface ParkedEvent {
  event: Envelope
  /** Handlings that failed: 0 for an event that only waits. */
  attempts: number
  deadAt: Date | null
  reason: string | null
}

interface ParkedRow {
  envelope: object
  attempts: number
  dead_at: Date | null
  reason: string | null
}

/** Keeps others of this consumer, in any process, away from the aggregate until the transaction ends. */
export async function lockAggregate(tx: Tx, consumer: string, aggregateId: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${consumer} ${aggregateId}`}, 0))`)
}

/** Puts the event where it waits; false when it is already there. */
export async function park(tx: Tx, consumer: string, event: Envelope): Promise<boolean> {
  const rows = await tx.run(sql`
    insert into messaging.parked (consumer, message_id, aggregate_id, sequence, envelope)
    values (${consumer}, ${event.id}, ${event.subject}, ${event.sequence}, ${JSON.stringify(event)}::jsonb)
    on conflict do nothing`)
  return rows > 0
}

export async function hasParked(tx: Tx, consumer: string, aggregateId: string): Promise<boolean> {
  const row = await tx.one(sql`
    select 1 from messaging.parked where consumer = ${consumer} and aggregate_id = ${aggregateId} limit 1`)
  return row !== null
}

/** The event of the aggregate whose turn it is; null when none waits, or it is dead or not due yet. */
export async function findDueHead(
  tx: Tx,
  consumer: string,
  aggregateId: string,
): Promise<ParkedEvent | null> {
  const row = await tx.one<ParkedRow & { is_due: boolean }>(sql`
    select envelope, attempts, dead_at, reason, due_at <= now() as is_due from messaging.parked
    where consumer = ${consumer} and aggregate_id = ${aggregateId} order by sequence, message_id limit 1`)
  return row?.is_due && !row.dead_at ? toParked(row) : null
}

/** Aggregates whose head is due, those that wait longest first. */
export async function findDueAggregates(tx: Tx, consumer: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ aggregate_id: string }>(sql`
    select aggregate_id from (
      select distinct on (aggregate_id) aggregate_id, due_at, dead_at from messaging.parked
      where consumer = ${consumer} order by aggregate_id, sequence, message_id
    ) heads where dead_at is null and due_at <= now() order by due_at limit ${limit}`)
  return rows.map((row) => row.aggregate_id)
}

export async function postpone(
  tx: Tx,
  consumer: string,
  id: string,
  delayMs: number,
  reason: string,
): Promise<void> {
  await tx.run(sql`
    update messaging.parked set attempts = attempts + 1, reason = ${reason},
      due_at = clock_timestamp() + make_interval(secs => ${delayMs / 1000})
    where consumer = ${consumer} and message_id = ${id}`)
}

export async function markDead(tx: Tx, consumer: string, id: string, reason: string): Promise<void> {
  await tx.run(sql`
    update messaging.parked set attempts = attempts + 1, reason = ${reason}, dead_at = now()
    where consumer = ${consumer} and message_id = ${id}`)
}

export async function unpark(tx: Tx, consumer: string, id: string): Promise<void> {
  await tx.run(sql`delete from messaging.parked where consumer = ${consumer} and message_id = ${id}`)
}

/** A dead event gets its tries back and is due at once; false when there is none. */
export async function revive(tx: Tx, consumer: string, id: string): Promise<boolean> {
  const rows = await tx.run(sql`
    update messaging.parked set attempts = 0, dead_at = null, due_at = now()
    where consumer = ${consumer} and message_id = ${id} and dead_at is not null`)
  return rows > 0
}

/** A dead event is forgotten and those behind it go on; false when there is none. */
export async function discardDead(tx: Tx, consumer: string, id: string): Promise<boolean> {
  const rows = await tx.run(sql`
    delete from messaging.parked where consumer = ${consumer} and message_id = ${id} and dead_at is not null`)
  return rows > 0
}

/** Dead events of the queue, oldest first. */
export async function findDead(tx: Tx, consumer: string, limit: number): Promise<ParkedEvent[]> {
  const rows = await tx.query<ParkedRow>(sql`
    select envelope, attempts, dead_at, reason from messaging.parked
    where consumer = ${consumer} and dead_at is not null order by dead_at limit ${limit}`)
  return rows.map(toParked)
}

export async function countParked(tx: Tx, consumer: string): Promise<{ waiting: number; dead: number }> {
  const row = await tx.one<{ waiting: number; dead: number }>(sql`
    select count(*) filter (where dead_at is null) as waiting, count(dead_at) as dead
    from messaging.parked where consumer = ${consumer}`)
  return row ?? { waiting: 0, dead: 0 }
}

const toParked = (row: ParkedRow): ParkedEvent => ({
  event: parseEnvelope(row.envelope),
  attempts: row.attempts,
  deadAt: row.dead_at,
  reason: row.reason,
})
