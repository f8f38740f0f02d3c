import type { Tx } from '@sandkeep/postgres'
import { announceSuspended } from '../sandbox/sandbox-events.ts'
import { suspend } from '../sandbox/sandbox-lifecycle.ts'
import { lockActiveSandboxesOf, updateSandbox } from '../sandbox/sandbox-store.ts'
import type { Account } from './account.ts'
import { closeAccount, releasePlaces, saveAccount } from './account-store.ts'

/**
 * Keeps what identity says of an account, unless something as new is known. One that is no longer active takes its
 * sandboxes with it.
 */
export async function keepAccount(tx: Tx, account: Account): Promise<{ isNews: boolean; suspended: number }> {
  const isNews = await saveAccount(tx, account)
  const isOver = isNews && account.status !== 'active'
  return { isNews, suspended: isOver ? await suspendSandboxesOf(tx, account.id) : 0 }
}

/** Keeps that identity has the account no longer. */
export async function forgetAccount(tx: Tx, id: string): Promise<number> {
  await closeAccount(tx, id)
  return suspendSandboxesOf(tx, id)
}

/** The account must be locked. How many were active. */
async function suspendSandboxesOf(tx: Tx, ownerId: string): Promise<number> {
  const active = await lockActiveSandboxesOf(tx, ownerId)
  for (const sandbox of active)
    await announceSuspended(tx, await updateSandbox(tx, suspend(sandbox, 'account')))
  await releasePlaces(tx, ownerId, active.length)
  return active.length
}
