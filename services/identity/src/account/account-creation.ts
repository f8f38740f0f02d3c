import type { Database, Tx } from '@sandkeep/postgres'
import { isImportableHash, noPassword } from '../credential/password-hash.ts'
import type { PasswordHasher } from '../credential/password-hasher.ts'
import { passwordProblems } from '../credential/password-policy.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { Account } from './account.ts'
import {
  emailTaken,
  InvalidAccountError,
  passwordErrors,
  refuseInvalid,
  unknownHash,
  usernameTaken,
} from './account-errors.ts'
import { announceRegistered } from './account-events.ts'
import { findAccountByEmail, insertAccount, isUsernameTaken, type NewAccount } from './account-store.ts'
import { type AccountFacts, newAccount } from './new-account.ts'

/** An account that an administrator, an import or the first start makes. Without a password its person is invited. */
export interface AccountOrder extends AccountFacts {
  password?: string | undefined
  /** Instead of a password: a hash from elsewhere, checked at the first login and then made anew. */
  passwordHash?: string | undefined
}

export interface PreparedAccount {
  account: NewAccount
  invite: boolean
}

export interface AccountCreation {
  /** Checks the order and hashes its password, outside of any transaction. */
  prepare: (order: AccountOrder) => Promise<PreparedAccount>
  create: (tx: Tx, prepared: PreparedAccount) => Promise<Account>
  createAccount: (order: AccountOrder) => Promise<Account>
}

export interface AccountCreationParts {
  db: Database
  hasher: PasswordHasher
  /** Called when mail is owed and committed. */
  mailOwed: () => void
}

export function createAccountCreation({ db, hasher, mailOwed }: AccountCreationParts): AccountCreation {
  async function prepare(order: AccountOrder): Promise<PreparedAccount> {
    const { password, passwordHash } = order
    refuseInvalid([
      ...(password === undefined
        ? []
        : passwordErrors(passwordProblems(password, [order.username, order.email]), '/password')),
      ...(passwordHash === undefined || isImportableHash(passwordHash) ? [] : [unknownHash]),
    ])
    const hash = password === undefined ? (passwordHash ?? noPassword) : await hasher.hash(password)
    return { account: newAccount(order, hash), invite: hash === noPassword }
  }

  async function create(tx: Tx, { account, invite }: PreparedAccount): Promise<Account> {
    const made = await insertAccount(tx, account)
    if (!made) throw new InvalidAccountError(await conflicts(tx, account))
    await announceRegistered(tx, made)
    if (invite) await oweMail(tx, made.id, 'invitation')
    else if (!made.emailVerified) await oweMail(tx, made.id, 'verify_email')
    return made
  }

  async function createAccount(order: AccountOrder): Promise<Account> {
    const prepared = await prepare(order)
    const made = await db.transaction((tx) => create(tx, prepared))
    mailOwed()
    return made
  }

  return { prepare, create, createAccount }
}

/** What is taken. A name that was held back until this moment was taken when it mattered. */
async function conflicts(tx: Tx, { email, username }: NewAccount) {
  const found = [
    ...((await findAccountByEmail(tx, email)) ? [emailTaken] : []),
    ...((await isUsernameTaken(tx, username)) ? [usernameTaken] : []),
  ]
  return found.length > 0 ? found : [usernameTaken]
}
