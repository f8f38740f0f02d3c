import { sql, type Tx } from '@sandkeep/postgres'
import type { MailKind } from './mail.ts'
import type { Recipient } from './mail-text.ts'

export interface OwedMail extends Recipient {
  id: string
  kind: MailKind
  tokenId: string | null
  email: string
  attempts: number
  createdAt: Date
  linkExpiresAt: Date | null
}

export interface NewMail {
  id: string
  userId: string
  kind: MailKind
  tokenId: string | null
}

/** Owes a mail, in the transaction of its cause. */
export const insertMail = (tx: Tx, it: NewMail): Promise<number> =>
  tx.run(sql`
    insert into mails (id, user_id, kind, token_id) values (${it.id}, ${it.userId}, ${it.kind}, ${it.tokenId})`)

/**
 * Takes due mails for `leaseMs`: no other worker sees them until then, and a worker that dies holds nothing for longer.
 */
export const takeDueMails = (tx: Tx, limit: number, leaseMs: number): Promise<OwedMail[]> =>
  tx.query<OwedMail>(sql`
    with due as (
      select id from mails where next_attempt_at <= now() and failed_at is null
      order by next_attempt_at limit ${limit}
      for update skip locked
    ), taken as (
      update mails set attempts = attempts + 1,
        next_attempt_at = now() + make_interval(secs => ${leaseMs / 1000}::double precision)
      from due where mails.id = due.id
      returning mails.*
    )
    select taken.id, kind, token_id as "tokenId", attempts, taken.created_at as "createdAt", email, username,
      first_name as "firstName", one_time_tokens.expires_at as "linkExpiresAt"
    from taken join users on users.id = taken.user_id
      left join one_time_tokens on one_time_tokens.id = taken.token_id`)

export const deleteMail = (tx: Tx, id: string): Promise<number> =>
  tx.run(sql`delete from mails where id = ${id}`)

export const postponeMail = (tx: Tx, id: string, delayMs: number, reason: string): Promise<number> =>
  tx.run(sql`
    update mails set last_error = ${reason.slice(0, 500)},
      next_attempt_at = now() + make_interval(secs => ${delayMs / 1000}::double precision)
    where id = ${id}`)

/** Gives a mail up. The row stays for a week, for somebody to look at. */
export const abandonMail = (tx: Tx, id: string, reason: string): Promise<number> =>
  tx.run(sql`update mails set failed_at = now(), last_error = ${reason.slice(0, 500)} where id = ${id}`)
