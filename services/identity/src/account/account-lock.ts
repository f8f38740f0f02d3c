import { isUniqueViolation, type Tx } from '@sandkeep/postgres'
import { StaleVersionError } from '@sandkeep/service-kit'
import type { Account } from './account.ts'
import {
  AccountNotFoundError,
  emailTaken,
  InvalidAccountError,
  LastAdminError,
  usernameTaken,
} from './account-errors.ts'
import { type AccountChanges, lockAccount, lockActiveAdmins, updateAccount } from './account-store.ts'

/** A version of an account: what the caller has seen and wants to change. */
export interface Seen {
  id: string
  version: number
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

/** Throws the error with the field whose value somebody else has, if that is what it is. */
export function nameConflict(error: unknown): never {
  if (isUniqueViolation(error, 'users_email_key')) throw new InvalidAccountError([emailTaken])
  if (isUniqueViolation(error, 'users_username_key')) throw new InvalidAccountError([usernameTaken])
  throw error
}
