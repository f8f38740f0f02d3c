import type { Database, Tx } from '@sandkeep/postgres'
import type { PasswordHasher } from '../credential/password-hasher.ts'
import { passwordProblems } from '../credential/password-policy.ts'
import type { MailLimit } from '../mail/mail-limit.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { Account } from './account.ts'
import {
  InvalidAccountError,
  passwordErrors,
  refuseInvalid,
  usernameReserved,
  usernameTaken,
} from './account-errors.ts'
import { announceRegistered } from './account-events.ts'
import {
  findAccountByEmail,
  holdUsername,
  insertAccount,
  isUsernameTaken,
  type NewAccount,
} from './account-store.ts'
import { newAccount } from './new-account.ts'
import { isReservedUsername } from './username.ts'

export interface Registration {
  email: string
  username: string
  password: string
  firstName?: string | undefined
  lastName?: string | undefined
}

/** Does the same for a known address as for a new one, as far as anybody but its owner can tell. */
export type Register = (it: Registration) => Promise<void>

export interface RegistrationParts {
  db: Database
  hasher: PasswordHasher
  mailLimit: MailLimit
  /** Called when mail is owed and committed. */
  mailOwed: () => void
}

const usernameHoldMs = 7 * 24 * 3600 * 1000

export const createRegister =
  ({ db, hasher, mailLimit, mailOwed }: RegistrationParts): Register =>
  async (it) => {
    refuseInvalid([
      ...(isReservedUsername(it.username) ? [usernameReserved] : []),
      ...passwordErrors(passwordProblems(it.password, [it.username, it.email]), '/password'),
    ])
    if (await isUsernameTaken(db, it.username)) throw new InvalidAccountError([usernameTaken])
    const account = newAccount(it, await hasher.hashPatiently(it.password))
    const mayMail = await mailLimit.take(account.email)
    await db.transaction(async (tx) => {
      const made = await insertAccount(tx, account)
      if (made) await announceRegistered(tx, made)
      const owner = made ?? (await knownOwner(tx, account))
      if (mayMail) await oweMail(tx, owner.id, made ? 'verify_email' : 'account_exists')
    })
    mailOwed()
  }

/** Whose address it is. Keeps the username from showing that no account was made under it. */
async function knownOwner(tx: Tx, { email, username }: NewAccount): Promise<Account> {
  const owner = await findAccountByEmail(tx, email)
  if (!owner || (await isUsernameTaken(tx, username))) throw new InvalidAccountError([usernameTaken])
  await holdUsername(tx, username, new Date(Date.now() + usernameHoldMs))
  return owner
}
