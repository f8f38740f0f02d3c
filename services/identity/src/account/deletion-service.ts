import type { Database } from '@sandkeep/postgres'
import type { AnnounceRevocations } from '../session/revocations.ts'
import type { Account, Status } from './account.ts'
import { AccountHoldsError } from './account-errors.ts'
import { lockForRights, type Seen, setStatus } from './account-service.ts'
import { deleteAccount } from './account-store.ts'
import type { AskHoldings } from './holdings.ts'

export interface DeletionParts {
  db: Database
  askHoldings: AskHoldings
  announceRevocations: AnnounceRevocations
}

export type DeleteAccount = (seen: Seen) => Promise<void>

/**
 * Deletes an account on which nothing lives. The account is closed before the owners are asked for the last time, so
 * that nothing can be begun between the answer and the deletion; what they then still report opens it again.
 */
export function createDeletion({ db, askHoldings, announceRevocations }: DeletionParts): DeleteAccount {
  async function refuseIfHolding(userId: string): Promise<void> {
    const holdings = await askHoldings(userId)
    if (holdings.length > 0) throw new AccountHoldsError(holdings)
  }

  async function close(seen: Seen, status: Status): Promise<Account> {
    const { account, revoked } = await db.transaction(async (tx) => {
      const before = await lockForRights(tx, seen, status !== 'active')
      return before.status === status ? { account: before, revoked: [] } : await setStatus(tx, before, status)
    })
    await announceRevocations(revoked)
    return account
  }

  return async (seen) => {
    const before = await db.transaction((tx) => lockForRights(tx, seen, true))
    await refuseIfHolding(seen.id)
    const closed = await close(seen, 'inactive')
    try {
      await refuseIfHolding(seen.id)
    } catch (error) {
      await close(closed, before.status)
      throw error
    }
    await db.transaction(async (tx) => {
      await lockForRights(tx, closed, true)
      await deleteAccount(tx, closed.id)
    })
  }
}
