import type { Tx } from '@sandkeep/postgres'
import { lockAccount, releasePlaces, takePlace } from '../account-reference/account-store.ts'
import { type PlaceLimits, refusePlace } from './place-limits.ts'
import type { Sandbox } from './sandbox.ts'
import { requireLocked } from './sandbox-access.ts'
import { updateSandbox } from './sandbox-store.ts'

export interface Transition {
  decide: (sandbox: Sandbox) => Sandbox
  announce: (tx: Tx, sandbox: Sandbox) => Promise<void>
}

/** Moves a sandbox from one state to another, with its owner's places. The owner is locked before the sandbox. */
export async function transit(
  tx: Tx,
  { id, ownerId }: Pick<Sandbox, 'id' | 'ownerId'>,
  { decide, announce }: Transition,
  placeLimits: PlaceLimits,
): Promise<Sandbox> {
  const owner = await lockAccount(tx, ownerId)
  const before = await requireLocked(tx, id)
  const after = decide(before)
  if (before.status === 'active' && after.status !== 'active') await releasePlaces(tx, ownerId)
  if (before.status !== 'active' && after.status === 'active') {
    const limit = placeLimits[owner?.role ?? 'student']
    if (!(await takePlace(tx, ownerId, limit))) await refusePlace(tx, ownerId, limit)
  }
  const changed = await updateSandbox(tx, after)
  await announce(tx, changed)
  return changed
}
