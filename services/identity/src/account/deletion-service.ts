import type { Database } from '@sandkeep/postgres'
import { AccountHoldsError } from './account-errors.ts'
import { lockForRights, type Seen } from './account-lock.ts'
import type { AccountService } from './account-service.ts'
import { deleteAccount } from './account-store.ts'
import type { AskHoldings } from './holdings.ts'

export interface DeletionParts {
  db: Database
  accounts: Pick<AccountService, 'changeStatus'>
  askHoldings: AskHoldings
}

export type DeleteAccount = (seen: Seen) => Promise<void>

/**
 * Deletes an account on which nothing lives. The account is closed before the owners are asked for the last time, so
 * that nothing can be begun between the answer and the deletion; what they then still report opens it again.
 */
export function createDeletion({ db, accounts, askHoldings }: DeletionParts): DeleteAccount {
  async function refuseIfHolding(userId: string): Promise<void> {
    const holdings = await askHoldings(userId)
    if (holdings.length > 0) throw new AccountHoldsError(holdings)
  }

  return async (seen) => {
    const before = await db.transaction((tx) => lockForRights(tx, seen, true))
    await refuseIfHolding(seen.id)
    const closed = await accounts.changeStatus(seen, 'inactive')
    try {
      await refuseIfHolding(seen.id)
    } catch (error) {
      await accounts.changeStatus(closed, before.status)
      throw error
    }
    await db.transaction(async (tx) => {
      await lockForRights(tx, closed, true)
      await deleteAccount(tx, closed.id)
    })
  }
}
