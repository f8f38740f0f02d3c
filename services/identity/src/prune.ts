import { type Database, sql } from '@sandkeep/postgres'

const week = sql`interval '7 days'`

/** Deletes what is over. Each statement finds its rows by an index on their end. */
export async function prune(db: Database): Promise<void> {
  await db.run(
    sql`delete from revocations where expires_at < now() and revoked_at < now() - interval '1 hour'`,
  )
  await db.run(sql`delete from sessions where expires_at < now() - ${week}`)
  await db.run(sql`delete from one_time_tokens where expires_at < now() - ${week}`)
  await db.run(sql`delete from username_holds where expires_at < now()`)
  await db.run(sql`delete from mails where failed_at < now() - ${week}`)
}
