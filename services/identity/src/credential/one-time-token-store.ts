import { sql, type Tx } from '@sandkeep/postgres'
import type { Purpose } from './one-time-token.ts'

export interface NewToken {
  id: string
  userId: string
  purpose: Purpose
  lifetimeMs: number
}

export const insertToken = (tx: Tx, it: NewToken): Promise<number> =>
  tx.run(sql`
    insert into one_time_tokens (id, user_id, purpose, expires_at)
    values (${it.id}, ${it.userId}, ${it.purpose}, now() + make_interval(secs => ${it.lifetimeMs / 1000}::double precision))`)

/** Uses the token up and says whose it was; null when it was used, replaced or has expired. Of several, one wins. */
export async function consumeToken(tx: Tx, id: string, purpose: Purpose): Promise<string | null> {
  const used = await tx.one<{ userId: string }>(sql`
    update one_time_tokens set used_at = now()
    where id = ${id} and purpose = ${purpose} and used_at is null and expires_at > now()
    returning user_id as "userId"`)
  return used?.userId ?? null
}

/** Makes the links worthless that are still out: all of them, or those for one purpose. */
export const discardTokens = (tx: Tx, userId: string, purpose?: Purpose): Promise<number> =>
  tx.run(sql`
    delete from one_time_tokens
    where user_id = ${userId} and used_at is null ${purpose === undefined ? sql`` : sql`and purpose = ${purpose}`}`)
