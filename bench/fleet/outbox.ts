import { type Database, sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'

const longestMs = 120_000

/** Resolves when the relay has published every event. */
export const outboxDrained = (db: Database): Promise<void> =>
  eventually(
    async () => {
      const row = await db.one<{ pending: number }>(sql`select count(*) as pending from messaging.outbox`)
      if (row?.pending !== 0) throw new Error(`${row?.pending} events are not published`)
    },
    { timeoutMs: longestMs },
  )
