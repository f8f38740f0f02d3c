import type { Database, Tx } from '@sandkeep/postgres'
import type { Clock } from '../clock.ts'
import { extendExpiry } from '../expiry/expiry.ts'
import type { PlaceLimits } from './place-limits.ts'
import type { Actor, Sandbox } from './sandbox.ts'
import { requireLocked, requireSandbox, requireVersion } from './sandbox-access.ts'
import { applyChanges, type SandboxChanges } from './sandbox-changes.ts'
import { announceResumed, announceSuspended, announceTerminated, announceUpdated } from './sandbox-events.ts'
import { reasonOf, requireActive, resume, suspend, terminate, withExpiry } from './sandbox-lifecycle.ts'
import {
  listSandboxes,
  type Position,
  type SandboxFilter,
  touchAccess,
  updateSandbox,
} from './sandbox-store.ts'
import { transit } from './sandbox-transition.ts'

interface SandboxDependencies {
  db: Database
  clock: Clock
  placeLimits: PlaceLimits
}

export type SandboxService = ReturnType<typeof createSandboxService>

const accessStepMs = 60_000

export function createSandboxService({ db, clock, placeLimits }: SandboxDependencies) {
  return {
    require: (id: string) => requireSandbox(db, id),

    list: (filter: SandboxFilter, page: { after?: Position | undefined; limit: number }) =>
      listSandboxes(db, filter, page),

    /** Notes that the sandbox was looked at. */
    async touch(sandbox: Sandbox): Promise<void> {
      const now = clock.now()
      const last = sandbox.lastAccessedAt?.getTime() ?? 0
      if (now.getTime() - last >= accessStepMs) await touchAccess(db, sandbox.id, now)
    },

    update: (id: string, version: number, actor: Actor, changes: SandboxChanges) =>
      db.transaction(async (tx) => {
        const sandbox = await requireLocked(tx, id)
        requireVersion(sandbox, version)
        const changed = await updateSandbox(tx, applyChanges(sandbox, actor, changes))
        await announceUpdated(tx, changed)
        return changed
      }),

    suspend: (tx: Tx, sandbox: Sandbox, actor: Actor) =>
      transit(
        tx,
        sandbox,
        { decide: (it) => suspend(it, reasonOf(it, actor)), announce: announceSuspended },
        placeLimits,
      ),

    resume: (tx: Tx, sandbox: Sandbox, actor: Actor) =>
      transit(
        tx,
        sandbox,
        { decide: (it) => resume(it, actor, clock.now()), announce: announceResumed },
        placeLimits,
      ),

    terminate: (id: string, ownerId: string, version: number, actor: Actor) =>
      db.transaction((tx) => {
        const decide = (it: Sandbox) => {
          requireVersion(it, version)
          return terminate(it, actor, clock.now())
        }
        return transit(tx, { id, ownerId }, { decide, announce: announceTerminated }, placeLimits)
      }),

    async extend(tx: Tx, id: string, expiresAt: Date | undefined): Promise<Sandbox> {
      const sandbox = await requireLocked(tx, id)
      requireActive(sandbox, 'be extended')
      const extended = withExpiry(sandbox, extendExpiry(sandbox, expiresAt, clock.now()))
      const changed = await updateSandbox(tx, extended)
      await announceUpdated(tx, changed)
      return changed
    },
  }
}
