import { deleteInBatches, sql, type Tx } from '@sandkeep/postgres'

/** Longer than any dead letter should wait for its redrive. */
const keep = sql`interval '30 days'`

/** Remembers the message; false when the consumer has handled it before. */
export async function remember(tx: Tx, consumer: string, messageId: string): Promise<boolean> {
  const rows = await tx.run(sql`
    insert into messaging.inbox (consumer, message_id) values (${consumer}, ${messageId}) on conflict do nothing`)
  return rows > 0
}

/** Records the version; false when the consumer has applied a newer one to the aggregate. */
export async function isNewest(
  tx: Tx,
  consumer: string,
  aggregateId: string,
  version: number,
): Promise<boolean> {
  const rows = await tx.run(sql`
    insert into messaging.seen_versions as seen (consumer, aggregate_id, version)
    values (${consumer}, ${aggregateId}, ${version})
    on conflict (consumer, aggregate_id) do update set version = excluded.version
    where seen.version <= excluded.version`)
  return rows > 0
}

/**
 * How often the message was handed out again without an outcome, this time included: its handling may kill the
 * process. 0 when it has been handled.
 */
export async function suspectRedelivery(tx: Tx, consumer: string, messageId: string): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    insert into messaging.redeliveries as redelivery (consumer, message_id)
    select ${consumer}, ${messageId} where not exists (
      select from messaging.inbox where consumer = ${consumer} and message_id = ${messageId})
    on conflict (consumer, message_id) do update set count = redelivery.count + 1, last_at = now()
    returning count`)
  return row?.count ?? 0
}

export async function forgetRedelivery(tx: Tx, consumer: string, messageId: string): Promise<void> {
  await tx.run(
    sql`delete from messaging.redeliveries where consumer = ${consumer} and message_id = ${messageId}`,
  )
}

export async function pruneInbox(tx: Tx): Promise<void> {
  await deleteInBatches(tx, sql`messaging.inbox`, sql`handled_at < now() - ${keep}`)
  await deleteInBatches(tx, sql`messaging.redeliveries`, sql`last_at < now() - ${keep}`)
}
