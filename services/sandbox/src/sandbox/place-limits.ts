import type { Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { findAccount } from '../account-reference/account-store.ts'
import { OwnerNotActiveError, SandboxLimitReachedError } from './sandbox-errors.ts'

/** How many sandboxes a person of the role may have active at once. */
export type PlaceLimits = Record<Role, number>

/** Says why no place could be taken. */
export async function refusePlace(tx: Tx, ownerId: string, limit: number): Promise<never> {
  const account = await findAccount(tx, ownerId)
  if (account !== null && account.status !== 'active') throw new OwnerNotActiveError()
  throw new SandboxLimitReachedError(limit)
}
