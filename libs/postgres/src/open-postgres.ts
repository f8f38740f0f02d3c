import type { ConnectionOptions } from './connection.ts'
import type { Database } from './database.ts'
import { listen } from './listen.ts'
import { withLock } from './lock.ts'
import { type Log, silentLog } from './log.ts'
import { createPool, executeOnPool } from './pool.ts'
import { statements } from './statements.ts'
import { transaction } from './transaction.ts'

export interface PostgresOptions extends ConnectionOptions {
  /** Connections at most; 20 unless given. A caller waits at most 3 s for one. */
  max?: number
  log?: Log
}

/**
 * A pool whose sessions run in UTC, with a statement timeout of 4 s. Connections are made when needed:
 * a server that is down shows in the first statement.
 */
export async function openPostgres({ log = silentLog, ...options }: PostgresOptions): Promise<Database> {
  const pool = createPool(options, log)
  const session = (purpose: string) => ({
    ...options,
    applicationName: `${options.applicationName} ${purpose}`,
  })
  return {
    pool,
    ...statements(executeOnPool(pool)),
    transaction: (work, options) => transaction(pool, work, options),
    listen: (channel, onNotify) => listen(session('listen'), { channel, onNotify, log }),
    withLock: (name, work) => withLock(session('lock'), name, work),
    stats: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
