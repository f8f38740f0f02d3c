import type { Database } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import { lockAccount, releasePlaces } from '../account-reference/account-store.ts'
import type { CheckpointKeeper } from '../checkpoint/checkpoint-keeper.ts'
import type { Clock } from '../clock.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { announceExpired, announceExpiryWarned, announceGone } from '../sandbox/sandbox-events.ts'
import { expire } from '../sandbox/sandbox-lifecycle.ts'
import { updateSandbox } from '../sandbox/sandbox-store.ts'
import { dueWarning } from './expiry.ts'
import { deleteSandbox, listExpired, listLost, listNearlyExpired, lockIfFree } from './expiry-store.ts'

interface ExpiryDependencies {
  db: Database
  keeper: CheckpointKeeper
  clock: Clock
  log: Logger
}

const batchSize = 100

/** What time does to sandboxes. Every step takes one sandbox in one transaction, so a kill between two loses nothing. */
export function createExpiryService({ db, keeper, clock, log }: ExpiryDependencies) {
  const warn = (id: string): Promise<boolean> =>
    db.transaction(async (tx) => {
      const sandbox = await lockIfFree(tx, id)
      const minutes = sandbox?.status === 'active' ? dueWarning(sandbox, clock.now()) : null
      if (sandbox === null || minutes === null) return false
      const warned = await updateSandbox(tx, { ...sandbox, expiryWarningMinutes: minutes })
      await announceExpiryWarned(tx, warned, minutes)
      return true
    })

  const end = (id: string, ownerId: string): Promise<boolean> =>
    keeper.withCapture<boolean, boolean>(
      {
        sandboxId: id,
        transact: (work) => db.transaction(work),
        first: (tx) => lockAccount(tx, ownerId),
      },
      async (tx, captured) => {
        if (captured.sandbox.status !== 'active' || captured.sandbox.expiresAt > clock.now()) return false
        const { sandbox } = await keeper.keepOnce(tx, captured, { reason: 'before-expiry', createdBy: null })
        await releasePlaces(tx, ownerId)
        await announceExpired(tx, await updateSandbox(tx, expire(sandbox, clock.now())))
        return true
      },
    )

  const purge = (id: string): Promise<boolean> =>
    db.transaction(async (tx) => {
      const sandbox = await lockIfFree(tx, id)
      if (sandbox?.recoverableUntil == null || sandbox.recoverableUntil > clock.now()) return false
      if (sandbox.status === 'inactive') await announceGone(tx, await updateSandbox(tx, lose(sandbox)))
      return (await deleteSandbox(tx, id)) > 0
    })

  /** One sandbox that cannot be dealt with must not keep the others waiting. */
  const each = async <T extends { id: string }>(due: readonly T[], step: (it: T) => Promise<boolean>) => {
    let done = 0
    for (const it of due) {
      try {
        if (await step(it)) done += 1
      } catch (error) {
        log.error({ err: error, sandboxId: it.id }, 'sandbox expiry step failed')
      }
    }
    return done
  }

  return {
    warnDue: async () => each(await listNearlyExpired(db, clock.now(), batchSize), ({ id }) => warn(id)),
    endDue: async () =>
      each(await listExpired(db, clock.now(), batchSize), ({ id, ownerId }) => end(id, ownerId)),
    purgeLost: async () => each(await listLost(db, clock.now(), batchSize), ({ id }) => purge(id)),
  }
}

function lose(sandbox: Sandbox): Sandbox {
  return { ...sandbox, status: 'terminated' }
}
