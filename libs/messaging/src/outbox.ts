import type { EventContract } from '@sandkeep/contracts'
import { newId, type Query, sql, type Tx } from '@sandkeep/postgres'
import { currentOrigin } from './origin.ts'
import { announce } from './wakeup.ts'

export interface NewEvent<T> {
  /** The id of the aggregate: events of one aggregate keep their order. */
  aggregateId: string | Query
  /** Its version after the change. In `outbox.row` it may be an SQL expression, such as `changed.version`. */
  aggregateVersion: number | Query
  data: T
}

/** Consumers and brokers hold events in memory; what is larger belongs in a store, with its key in the event. */
const maxDataBytes = 64 * 1024

/**
 * Announces an event in the transaction that makes it true. Nothing is sent before the commit, and nothing that was
 * committed is left unsent.
 */
async function add<T>(tx: Tx, contract: EventContract<T>, event: NewEvent<T>): Promise<void> {
  await tx.run(row(contract, event))
}

/**
 * The same as part of one larger statement, for hot paths. It is an `insert … select` without a `from`, to be
 * followed by one:
 *
 *     with changed as (update sandboxes set … returning id, version),
 *       announced as (${outbox.row(sandboxUpdated, { …, aggregateVersion: sql`changed.version` })} from changed)
 *     select version from changed
 *
 * Without a `from` it announces whether or not the other parts of the statement found a row.
 */
function row<T>(contract: EventContract<T>, event: NewEvent<T>): Query {
  const data = JSON.stringify(contract.toJson(event.data))
  if (Buffer.byteLength(data) > maxDataBytes) {
    throw new RangeError(
      `${contract.type}: the data has ${Buffer.byteLength(data)} bytes, at most ${maxDataBytes} fit`,
    )
  }
  const origin = JSON.stringify(currentOrigin(contract.subjects(event.data)))
  announce(contract.owner)
  return sql`insert into messaging.outbox
      (id, aggregate_type, aggregate_id, aggregate_version, type, data, context)
    select ${newId()}::uuid, ${contract.aggregate}::text, ${event.aggregateId}::text,
      ${event.aggregateVersion}::integer, ${contract.type}::text, ${data}::jsonb, ${origin}::jsonb`
}

export const outbox = { add, row }
