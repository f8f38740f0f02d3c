import { type Database, deleteInBatches, sql } from '@sandkeep/postgres'

const aWeekAgo = sql`now() - interval '7 days'`

/** Deletes what is over. Each condition is answered by an index. */
export async function prune(db: Database): Promise<void> {
  const over = [
    [sql`revocations`, sql`expires_at < now() and revoked_at < now() - interval '1 hour'`],
    [sql`sessions`, sql`expires_at < ${aWeekAgo}`],
    [sql`one_time_tokens`, sql`expires_at < ${aWeekAgo}`],
    [sql`username_holds`, sql`expires_at < now()`],
    [sql`mails`, sql`failed_at < ${aWeekAgo}`],
  ] as const
  for (const [table, condition] of over) await deleteInBatches(db, table, condition)
}
