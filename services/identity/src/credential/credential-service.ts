import type { Database, Tx } from '@sandkeep/postgres'
import { type Account, loginsOf, normaliseEmail } from '../account/account.ts'
import { AccountNotFoundError, InvalidAccountError, passwordErrors } from '../account/account-errors.ts'
import { announceEmailVerified } from '../account/account-events.ts'
import {
  findAccountByEmail,
  findCredentialsById,
  lockAccount,
  replacePasswordHash,
  updateAccount,
} from '../account/account-store.ts'
import type { MailKind } from '../mail/mail.ts'
import type { MailLimit } from '../mail/mail-limit.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { LoginThrottle } from '../session/login-throttle.ts'
import type { AnnounceRevocations } from '../session/revocations.ts'
import { revokeAllSessions } from '../session/session-store.ts'
import { LinkNotUsableError, WrongPasswordError } from './credential-errors.ts'
import type { OneTimeTokens, Purpose } from './one-time-token.ts'
import { consumeToken, discardTokens } from './one-time-token-store.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { passwordProblems } from './password-policy.ts'

export interface PasswordChange {
  userId: string
  sessionId: string
  address: string
  currentPassword: string
  newPassword: string
}

export interface CredentialService {
  verifyEmail: (token: string) => Promise<void>
  resendVerification: (email: string) => Promise<void>
  forgotPassword: (email: string) => Promise<void>
  resetPassword: (token: string, password: string) => Promise<void>
  changePassword: (it: PasswordChange) => Promise<void>
  unlock: (token: string, address: string) => Promise<void>
}

export interface CredentialParts {
  db: Database
  hasher: PasswordHasher
  tokens: OneTimeTokens
  throttle: LoginThrottle
  mailLimit: MailLimit
  mailOwed: () => void
  announceRevocations: AnnounceRevocations
}

export function createCredentialService(parts: CredentialParts): CredentialService {
  const { db, hasher, throttle } = parts

  function idOf(token: string, purpose: Purpose): string {
    const id = parts.tokens.open(token, purpose)
    if (!id) throw new LinkNotUsableError()
    return id
  }

  /** Uses the link up; of two at once, one gets the account. */
  async function redeem(tx: Tx, tokenId: string, purpose: Purpose): Promise<Account> {
    const userId = await consumeToken(tx, tokenId, purpose)
    const account = userId && (await lockAccount(tx, userId))
    if (!account) throw new LinkNotUsableError()
    return account
  }

  async function mailIf(email: string, kind: MailKind, wanted: (account: Account) => boolean): Promise<void> {
    const address = normaliseEmail(email)
    const mayMail = await parts.mailLimit.take(address)
    const account = await findAccountByEmail(db, address)
    if (!mayMail || !account || !wanted(account)) return
    await db.transaction((tx) => oweMail(tx, account.id, kind))
    parts.mailOwed()
  }

  async function resetPassword(token: string, password: string): Promise<void> {
    const tokenId = idOf(token, 'reset_password')
    refuseBadPassword(password, '/password', [])
    const hash = await hasher.hash(password)
    const { account, revoked } = await db.transaction(async (tx) => {
      const account = await redeem(tx, tokenId, 'reset_password')
      refuseBadPassword(password, '/password', [account.username, account.email])
      await replacePasswordHash(tx, account.id, hash)
      await markVerified(tx, account)
      await discardTokens(tx, account.id)
      await oweMail(tx, account.id, 'password_changed')
      return { account, revoked: await revokeAllSessions(tx, account.id, 'password_reset') }
    })
    parts.mailOwed()
    await parts.announceRevocations(revoked)
    await throttle.forget(loginsOf(account))
  }

  async function changePassword(it: PasswordChange): Promise<void> {
    const found = await findCredentialsById(db, it.userId)
    if (!found) throw new AccountNotFoundError()
    const { account, passwordHash } = found
    refuseBadPassword(it.newPassword, '/newPassword', [account.username, account.email])
    await requirePassword(it, account, passwordHash)
    const hash = await hasher.hash(it.newPassword)
    const revoked = await db.transaction(async (tx) => {
      if ((await replacePasswordHash(tx, account.id, hash, passwordHash)) === 0)
        throw new WrongPasswordError()
      await discardTokens(tx, account.id, 'reset_password')
      await oweMail(tx, account.id, 'password_changed')
      return await revokeAllSessions(tx, account.id, 'password_changed', it.sessionId)
    })
    parts.mailOwed()
    await parts.announceRevocations(revoked)
  }

  /** Guessing here is slowed down like guessing at the login, by the same count. */
  async function requirePassword(it: PasswordChange, account: Account, passwordHash: string): Promise<void> {
    const attempt = { login: account.username, address: it.address }
    const right = await throttle.guard(attempt, {
      isRight: () => hasher.verify(it.currentPassword, passwordHash),
      onWrong: () => throttle.failed(loginsOf(account), it.address),
    })
    if (!right) throw new WrongPasswordError()
  }

  return {
    async verifyEmail(token) {
      const tokenId = idOf(token, 'verify_email')
      await db.transaction(async (tx) => markVerified(tx, await redeem(tx, tokenId, 'verify_email')))
    },
    resendVerification: (email) => mailIf(email, 'verify_email', (account) => !account.emailVerified),
    forgotPassword: (email) => mailIf(email, 'reset_password', () => true),
    resetPassword,
    changePassword,
    async unlock(token, address) {
      const tokenId = idOf(token, 'unlock')
      const account = await db.transaction((tx) => redeem(tx, tokenId, 'unlock'))
      await throttle.unlock(loginsOf(account), address)
    },
  }
}

/** Whoever used a link that was mailed has shown that the address is theirs. */
async function markVerified(tx: Tx, account: Account): Promise<void> {
  if (account.emailVerified) return
  const verified = await updateAccount(tx, account, { emailVerified: true })
  if (verified) await announceEmailVerified(tx, verified)
}

function refuseBadPassword(password: string, pointer: string, names: string[]): void {
  const problems = passwordProblems(password, names)
  if (problems.length > 0) throw new InvalidAccountError(passwordErrors(problems, pointer))
}
