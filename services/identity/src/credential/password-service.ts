import type { Database, Tx } from '@sandkeep/postgres'
import { type Account, loginsOf } from '../account/account.ts'
import { AccountNotFoundError, passwordErrors, refuseInvalid } from '../account/account-errors.ts'
import { type Credentials, findCredentialsById, replacePasswordHash } from '../account/account-store.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { LoginThrottle } from '../session/login-throttle.ts'
import type { AnnounceRevocations } from '../session/revocations.ts'
import { type Revocation, revokeAllSessions } from '../session/session-store.ts'
import { WrongPasswordError } from './credential-errors.ts'
import { linkIdOf, markVerified, redeemLink } from './mailed-link.ts'
import type { OneTimeTokens } from './one-time-token.ts'
import { discardTokens } from './one-time-token-store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { passwordProblems } from './password-policy.ts'
import type { RequestMail } from './request-mail.ts'

export interface PasswordChange {
  userId: string
  sessionId: string
  address: string
  currentPassword: string
  newPassword: string
}

export interface PasswordService {
  forgot: (email: string) => Promise<void>
  reset: (token: string, password: string) => Promise<void>
  change: (it: PasswordChange) => Promise<void>
}

export interface PasswordParts {
  db: Database
  hasher: PasswordHasher
  tokens: OneTimeTokens
  throttle: LoginThrottle
  requestMail: RequestMail
  mailOwed: () => void
  announceRevocations: AnnounceRevocations
}

export function createPasswordService(parts: PasswordParts): PasswordService {
  const { db, hasher, throttle } = parts

  async function reset(token: string, password: string): Promise<void> {
    const linkId = linkIdOf(parts.tokens, token, 'reset_password')
    refuseBadPassword(password, '/password', [])
    const hash = await hasher.hash(password)
    const { account, revoked } = await db.transaction(async (tx) => {
      const account = await redeemLink(tx, linkId, 'reset_password')
      refuseBadPassword(password, '/password', loginsOf(account))
      return { account, revoked: await resetTo(tx, account, hash) }
    })
    parts.mailOwed()
    await parts.announceRevocations(revoked)
    await throttle.forget(loginsOf(account))
  }

  async function change(it: PasswordChange): Promise<void> {
    const found = await findCredentialsById(db, it.userId)
    if (!found) throw new AccountNotFoundError()
    refuseBadPassword(it.newPassword, '/newPassword', loginsOf(found.account))
    await requirePassword(it, found)
    const hash = await hasher.hash(it.newPassword)
    const revoked = await db.transaction((tx) => changeTo(tx, hash, found, it.sessionId))
    parts.mailOwed()
    await parts.announceRevocations(revoked)
  }

  /** Guessing here is slowed down like guessing at the login, by the same count. */
  async function requirePassword(it: PasswordChange, { account, passwordHash }: Credentials): Promise<void> {
    const attempt = { login: account.username, address: it.address }
    const { isRight } = await throttle.guard(attempt, {
      isRight: () => hasher.verify(it.currentPassword, passwordHash),
      onWrong: () => throttle.failed(loginsOf(account), it.address),
    })
    if (!isRight) throw new WrongPasswordError()
  }

  return { forgot: (email) => parts.requestMail(email, 'reset_password'), reset, change }
}

/** Ends every session. */
async function resetTo(tx: Tx, account: Account, hash: string): Promise<Revocation[]> {
  await replacePasswordHash(tx, account.id, hash)
  await markVerified(tx, account)
  await discardTokens(tx, account.id)
  await oweMail(tx, account.id, 'password_changed')
  return await revokeAllSessions(tx, account.id, 'password_reset')
}

/** Ends every session but the one that asks. */
async function changeTo(
  tx: Tx,
  hash: string,
  { account, passwordHash }: Credentials,
  sessionId: string,
): Promise<Revocation[]> {
  if ((await replacePasswordHash(tx, account.id, hash, passwordHash)) === 0) throw new WrongPasswordError()
  await discardTokens(tx, account.id, 'reset_password')
  await oweMail(tx, account.id, 'password_changed')
  return await revokeAllSessions(tx, account.id, 'password_changed', sessionId)
}

const refuseBadPassword = (password: string, pointer: string, names: string[]): void =>
  refuseInvalid(passwordErrors(passwordProblems(password, names), pointer))
