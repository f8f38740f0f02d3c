import { type Database, isUniqueViolation, type Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { StaleVersionError } from '@sandkeep/service-kit'
import { discardTokens } from '../credential/one-time-token-store.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { AnnounceRevocations } from '../session/revocations.ts'
import type { RevocationReason } from '../session/session.ts'
import { type Revocation, revokeAllSessions } from '../session/session-store.ts'
import { type Account, normaliseEmail, type Status } from './account.ts'
import {
  AccountNotFoundError,
  emailTaken,
  InvalidAccountError,
  LastAdminError,
  usernameTaken,
} from './account-errors.ts'
import { announceRoleChanged, announceStatusChanged, announceUpdated } from './account-events.ts'
import {
  type AccountChanges,
  findAccount,
  lockAccount,
  lockActiveAdmins,
  updateAccount,
} from './account-store.ts'

/** A version of an account: what the caller has seen and wants to change. */
export interface Seen {
  id: string
  version: number
}

export type EditableFields = Pick<
  AccountChanges,
  'email' | 'username' | 'firstName' | 'lastName' | 'metadata'
>

export interface AccountService {
  get: (id: string) => Promise<Account>
  edit: (seen: Seen, changes: EditableFields) => Promise<Account>
  changeRole: (seen: Seen, role: Role) => Promise<Account>
  changeStatus: (seen: Seen, status: Status) => Promise<Account>
}

export interface AccountParts {
  db: Database
  announceRevocations: AnnounceRevocations
  mailOwed: () => void
}

interface Change {
  account: Account
  revoked: Revocation[]
}

export function createAccountService({ db, announceRevocations, mailOwed }: AccountParts): AccountService {
  async function committed(work: (tx: Tx) => Promise<Change>): Promise<Account> {
    const { account, revoked } = await db.transaction(work)
    await announceRevocations(revoked)
    return account
  }

  return {
    async get(id) {
      const account = await findAccount(db, id)
      if (!account) throw new AccountNotFoundError()
      return account
    },
    async edit(seen, changes) {
      const account = await db.transaction((tx) => editAccount(tx, seen, changes)).catch(nameConflict)
      if (changes.email !== undefined) mailOwed()
      return account
    },
    changeRole: (seen, role) =>
      committed(async (tx) => {
        const before = await lockForRights(tx, seen, role !== 'admin')
        if (before.role === role) return { account: before, revoked: [] }
        const account = await updateLocked(tx, before, { role })
        await announceRoleChanged(tx, account, before.role)
        return { account, revoked: await endSessions(tx, account, 'role_changed') }
      }),
    changeStatus: (seen, status) =>
      committed(async (tx) => {
        const before = await lockForRights(tx, seen, status !== 'active')
        return before.status === status
          ? { account: before, revoked: [] }
          : await setStatus(tx, before, status)
      }),
  }
}

/** A token says which role its bearer has, so that another role or status ends every session. */
const endSessions = (tx: Tx, account: Account, reason: RevocationReason): Promise<Revocation[]> =>
  revokeAllSessions(tx, account.id, reason)

export async function setStatus(tx: Tx, before: Account, status: Status): Promise<Change> {
  const account = await updateLocked(tx, before, { status })
  await announceStatusChanged(tx, account, before.status)
  return { account, revoked: await endSessions(tx, account, 'status_changed') }
}

async function editAccount(tx: Tx, seen: Seen, { email, ...rest }: EditableFields): Promise<Account> {
  const before = await lockSeen(tx, seen)
  if (email === undefined && Object.keys(rest).length === 0) return before
  const address = email === undefined ? before.email : normaliseEmail(email)
  const moved = address === before.email ? {} : { email: address, emailVerified: false }
  const account = await updateLocked(tx, before, { ...rest, ...moved })
  await announceUpdated(tx, account, Object.keys({ ...rest, ...moved }))
  if (address !== before.email) {
    await discardTokens(tx, account.id)
    await oweMail(tx, account.id, 'verify_email')
  }
  return account
}

/** The account at the version that was seen, locked. */
export async function lockSeen(tx: Tx, { id, version }: Seen): Promise<Account> {
  const account = await lockAccount(tx, id)
  if (!account) throw new AccountNotFoundError()
  if (account.version !== version) throw new StaleVersionError()
  return account
}

/**
 * As `lockSeen`, and keeps somebody who can administer. The administrators are locked first and in one order, so that
 * two of them who demote each other wait instead of both succeeding.
 */
export async function lockForRights(tx: Tx, seen: Seen, takesRights: boolean): Promise<Account> {
  const admins = takesRights ? await lockActiveAdmins(tx) : []
  const account = await lockSeen(tx, seen)
  if (admins.length === 1 && admins[0] === account.id) throw new LastAdminError()
  return account
}

export async function updateLocked(tx: Tx, before: Account, changes: AccountChanges): Promise<Account> {
  const account = await updateAccount(tx, before, changes)
  if (!account) throw new StaleVersionError()
  return account
}

export function nameConflict(error: unknown): never {
  if (isUniqueViolation(error, 'users_email_key')) throw new InvalidAccountError([emailTaken])
  if (isUniqueViolation(error, 'users_username_key')) throw new InvalidAccountError([usernameTaken])
  throw error
}
