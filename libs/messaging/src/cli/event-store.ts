import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { StoredEvent } from '../stored-event.ts'

export interface LoggedEvent extends StoredEvent {
  position: number
}

export interface Filter {
  /** After this position. */
  after?: number | undefined
  /** Up to and with this position. */
  upTo?: number | undefined
  types?: string[]
  aggregateId?: string | undefined
}

const columns = sql`id, type, aggregate_id, aggregate_version, data, context, occurred_at`

/** Published events in the order of their positions. */
export function readLog(tx: Tx, filter: Filter, limit: number): Promise<LoggedEvent[]> {
  return tx.query(sql`select position, ${columns} from messaging.event_log where ${matches(filter)}
    order by position limit ${limit}`)
}

/** The newest of them, oldest first. */
export async function readLogEnd(tx: Tx, filter: Filter, limit: number): Promise<LoggedEvent[]> {
  const rows = await tx.query<LoggedEvent>(sql`select position, ${columns} from messaging.event_log
    where ${matches(filter)} order by position desc limit ${limit}`)
  return rows.reverse()
}

export function readPending(tx: Tx, limit: number): Promise<(StoredEvent & { attempts: number })[]> {
  return tx.query(sql`select ${columns}, attempts from messaging.outbox order by seq limit ${limit}`)
}

/** From the log or, if it is not published yet, the outbox. */
export function findEvent(tx: Tx, id: string): Promise<(StoredEvent & { position: number | null }) | null> {
  return tx.one(sql`select position, ${columns} from messaging.event_log where id = ${id}
    union all select null, ${columns} from messaging.outbox where id = ${id} limit 1`)
}

export async function lastPosition(tx: Tx): Promise<number> {
  const row = await tx.one<{ position: number }>(sql`select position from messaging.event_log_head`)
  return row?.position ?? 0
}

/** Keeps what was done by hand, by whom. */
export async function recordOperation(
  tx: Tx,
  operator: string,
  action: string,
  details: object,
): Promise<void> {
  await tx.run(sql`insert into messaging.operations (operator, action, details)
    values (${operator}, ${action}, ${JSON.stringify(details)}::jsonb)`)
}

function matches({ after, upTo, types, aggregateId }: Filter): Query {
  const conditions = [sql`position > ${after ?? 0}`]
  if (upTo !== undefined) conditions.push(sql`position <= ${upTo}`)
  if (types?.length) conditions.push(sql`type = any(${types}::text[])`)
  if (aggregateId) conditions.push(sql`aggregate_id = ${aggregateId}`)
  return sql.join(conditions, sql` and `)
}
