import { userLoggedIn } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { sql, type Tx } from '@sandkeep/postgres'
import type { Account } from '../account/account.ts'
import { accountColumns } from '../account/account-store.ts'
import type { NewSession } from './session-store.ts'

export interface OpenSession {
  account: Account
  session: NewSession
  /** The hash that was verified: the login counts only while it is still the account's. */
  passwordHash: string
  nextHash: string | null
}

/** The session, the time of the login and its event in one statement; null when the account changed meanwhile. */
export function openSession(
  tx: Tx,
  { account, session, passwordHash, nextHash }: OpenSession,
): Promise<Account | null> {
  const event = outbox.row(userLoggedIn, {
    aggregateId: account.id,
    aggregateVersion: sql`account.version`,
    data: { userId: account.id, sessionId: session.id },
  })
  return tx.one<Account>(sql.named('open-session')`
    with account as (
      update users set last_login_at = now(), password_hash = coalesce(${nextHash}, password_hash)
      where id = ${account.id} and status = 'active' and password_hash = ${passwordHash}
      returning *
    ), opened as (
      insert into sessions (id, user_id, user_agent, network, expires_at)
      select ${session.id}, id, ${session.userAgent}, ${session.network}, ${session.expiresAt} from account
    ), announced as (
      ${event} from account
    )
    select ${accountColumns} from account`)
}
