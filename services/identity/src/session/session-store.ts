import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import type { RevocationReason, Session } from './session.ts'

export interface NewSession {
  id: string
  userAgent: string | null
  network: string | null
  expiresAt: Date
}

/** A session whose access tokens must be refused until `expiresAt`, when the last of them has died by itself. */
export interface Revocation {
  sessionId: string
  userId: string
  revokedAt: Date
  expiresAt: Date
}

/** Access tokens live five minutes; a verifier may be a little behind. */
const revocationLifetime = sql`interval '6 minutes'`

const sessionColumns = sql`
  id, user_id as "userId", counter, user_agent as "userAgent", network, created_at as "createdAt",
  last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt"`

const revocationColumns = sql`
  session_id as "sessionId", user_id as "userId", revoked_at as "revokedAt", expires_at as "expiresAt"`

export const findSession = (tx: Tx, id: string): Promise<Session | null> =>
  tx.one<Session>(sql`select ${sessionColumns} from sessions where id = ${id}`)

export interface Rotated {
  userId: string
  role: Role
  counter: number
  lastUsedAt: Date
  expiresAt: Date
}

/** Takes the next turn, if `counter` is the current one and the session and its account are alive. */
export const rotateSession = (
  tx: Tx,
  { sessionId, counter }: { sessionId: string; counter: number },
  idleMs: number,
): Promise<Rotated | null> =>
  tx.one<Rotated>(sql.named('rotate-session')`
    update sessions set counter = counter + 1, last_used_at = now()
    from users
    where sessions.id = ${sessionId} and counter = ${counter} and revoked_at is null and expires_at > now()
      and last_used_at > now() - make_interval(secs => ${idleMs / 1000}::double precision)
      and users.id = sessions.user_id and users.status = 'active'
    returning users.id as "userId", users.role, counter, last_used_at as "lastUsedAt", expires_at as "expiresAt"`)

/** Ends the sessions that meet the condition and still live. Publish what it returns once it is committed. */
const revoke = (tx: Tx, condition: Query, reason: RevocationReason): Promise<Revocation[]> =>
  tx.query<Revocation>(sql`
    with ended as (
      update sessions set revoked_at = now(), revoked_reason = ${reason}
      where ${condition} and revoked_at is null
      returning id, user_id
    )
    insert into revocations (session_id, user_id, expires_at)
    select id, user_id, clock_timestamp() + ${revocationLifetime} from ended
    returning ${revocationColumns}`)

export const revokeSession = (
  tx: Tx,
  { id, userId }: { id: string; userId: string },
  reason: RevocationReason,
): Promise<Revocation[]> => revoke(tx, sql`id = ${id} and user_id = ${userId}`, reason)

export const revokeAllSessions = (
  tx: Tx,
  userId: string,
  reason: RevocationReason,
  exceptSessionId?: string,
): Promise<Revocation[]> => {
  const others = exceptSessionId === undefined ? sql`` : sql`and id <> ${exceptSessionId}`
  return revoke(tx, sql`user_id = ${userId} ${others}`, reason)
}

/** Revocations since then, or all, of sessions whose access tokens may still be alive. */
export const listRevocations = (tx: Tx, since: Date | null): Promise<Revocation[]> =>
  tx.query<Revocation>(sql`
    select ${revocationColumns} from revocations
    where expires_at > now() and revoked_at >= coalesce(${since}, '-infinity'::timestamptz)
    order by revoked_at`)
