import { type Database, newId, type Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { isImportableHash, noPassword } from '../credential/password-hash.ts'
import type { PasswordHasher } from '../credential/password-hasher.ts'
import { passwordProblems } from '../credential/password-policy.ts'
import type { MailLimit } from '../mail/mail-limit.ts'
import { oweMail } from '../mail/owe-mail.ts'
import { type Account, type JsonObject, normaliseEmail, type Status } from './account.ts'
import {
  emailTaken,
  InvalidAccountError,
  passwordErrors,
  unknownHash,
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
import { isReservedUsername } from './username.ts'

export interface Registration {
  email: string
  username: string
  password: string
  firstName?: string | undefined
  lastName?: string | undefined
}

/** An account that an administrator, an import or the first start makes. Without a password its person is invited. */
export interface AccountOrder extends Omit<Registration, 'password'> {
  password?: string | undefined
  /** Instead of a password: a hash from elsewhere, checked at the first login and then made anew. */
  passwordHash?: string | undefined
  role?: Role | undefined
  status?: Status | undefined
  emailVerified?: boolean | undefined
  metadata?: JsonObject | undefined
}

export interface PreparedAccount {
  account: NewAccount
  invite: boolean
}

export interface RegistrationService {
  /** Does the same for a known address as for a new one, as far as anybody but its owner can tell. */
  register: (it: Registration) => Promise<void>
  /** Checks the order and hashes its password, outside of any transaction. */
  prepare: (order: AccountOrder) => Promise<PreparedAccount>
  create: (tx: Tx, prepared: PreparedAccount) => Promise<Account>
  createAccount: (order: AccountOrder) => Promise<Account>
}

export interface RegistrationParts {
  db: Database
  hasher: PasswordHasher
  mailLimit: MailLimit
  /** Called when mail is owed and committed. */
  mailOwed: () => void
}

const usernameHoldMs = 7 * 24 * 3600 * 1000

export function createRegistrationService(parts: RegistrationParts): RegistrationService {
  const { db, hasher } = parts

  async function register(it: Registration): Promise<void> {
    refuse([
      ...(isReservedUsername(it.username) ? [usernameReserved] : []),
      ...passwordErrors(passwordProblems(it.password, [it.username, it.email]), '/password'),
    ])
    if (await isUsernameTaken(db, it.username)) throw new InvalidAccountError([usernameTaken])
    const account = newAccount(it, await hasher.hashPatiently(it.password))
    const mayMail = await parts.mailLimit.take(account.email)
    await db.transaction(async (tx) => {
      const made = await insertAccount(tx, account)
      if (made) await announceRegistered(tx, made)
      const owner = made ?? (await knownOwner(tx, account))
      if (mayMail) await oweMail(tx, owner.id, made ? 'verify_email' : 'account_exists')
    })
    parts.mailOwed()
  }

  async function prepare(order: AccountOrder): Promise<PreparedAccount> {
    const { password, passwordHash } = order
    refuse([
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
    parts.mailOwed()
    return made
  }

  return { register, prepare, create, createAccount }
}

const newAccount = (
  it: Omit<AccountOrder, 'password' | 'passwordHash'>,
  passwordHash: string,
): NewAccount => ({
  id: newId(),
  email: normaliseEmail(it.email),
  username: it.username,
  passwordHash,
  firstName: it.firstName ?? null,
  lastName: it.lastName ?? null,
  role: it.role ?? 'student',
  status: it.status ?? 'active',
  emailVerified: it.emailVerified ?? false,
  metadata: it.metadata ?? {},
})

/** Whose address it is. Keeps the username from showing that no account was made under it. */
async function knownOwner(tx: Tx, { email, username }: NewAccount): Promise<Account> {
  const owner = await findAccountByEmail(tx, email)
  if (!owner || (await isUsernameTaken(tx, username))) throw new InvalidAccountError([usernameTaken])
  await holdUsername(tx, username, new Date(Date.now() + usernameHoldMs))
  return owner
}

async function conflicts(tx: Tx, { email, username }: NewAccount) {
  return [
    ...((await findAccountByEmail(tx, email)) ? [emailTaken] : []),
    ...((await isUsernameTaken(tx, username)) ? [usernameTaken] : []),
  ]
}

function refuse(errors: ConstructorParameters<typeof InvalidAccountError>[0]): void {
  if (errors.length > 0) throw new InvalidAccountError(errors)
}
