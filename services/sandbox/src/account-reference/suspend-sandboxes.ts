import type { Tx } from '@sandkeep/postgres'
import { announceSuspended } from '../sandbox/sandbox-events.ts'
import { suspend } from '../sandbox/sandbox-lifecycle.ts'
import { lockActiveSandboxesOf, updateSandbox } from '../sandbox/sandbox-store.ts'
import { releasePlaces } from './account-store.ts'

/** The account must be locked. How many were active. */
export async function suspendSandboxesOf(tx: Tx, ownerId: string): Promise<number> {
  const active = await lockActiveSandboxesOf(tx, ownerId)
  for (const sandbox of active)
    await announceSuspended(tx, await updateSandbox(tx, suspend(sandbox, 'account')))
  await releasePlaces(tx, ownerId, active.length)
  return active.length
}
