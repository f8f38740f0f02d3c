import type { Database } from '@sandkeep/postgres'
import { pruneIdempotencyKeys, type Task } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import type { Services } from './services.ts'

export interface TaskParts {
  db: Database
  services: Services
  log: Logger
}

const second = 1000
const hour = 3600 * second

/** What is done from time to time, by one replica at a time. */
export function createTasks({ db, services, log }: TaskParts): Task[] {
  const { expiry, pruner, sweeper, reconciler } = services
  const alone = (name: string, pauseMs: number, work: (signal: AbortSignal) => Promise<unknown>): Task => ({
    name,
    pauseMs,
    run: () => db.withLock(`sandbox ${name}`, work),
  })
  return [
    alone('expire', 15 * second, async () => {
      await expiry.warnDue()
      await expiry.endDue()
    }),
    alone('purge', hour, expiry.purgeLost),
    alone('prune history', 6 * hour, async (signal) => {
      const pruned = await pruner.prune(signal)
      if (pruned > 0) log.info({ pruned }, 'old versions of files deleted')
    }),
    alone('sweep content', 24 * hour, async (signal) => {
      log.info(await sweeper.sweep(signal), 'content that nothing refers to swept')
    }),
    alone('reconcile accounts', 24 * hour, async (signal) => {
      const report = await reconciler.reconcile(signal)
      const level = report.dangling.length > 0 ? 'warn' : 'info'
      log[level](report, 'account references compared with identity')
    }),
    { name: 'prune idempotency keys', pauseMs: hour, run: () => pruneIdempotencyKeys(db) },
  ]
}
