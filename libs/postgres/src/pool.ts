import pg from 'pg'
import { type ConnectionOptions, connectionConfig } from './connection.ts'
import type { Log } from './log.ts'
import type { Query } from './sql.ts'
import { type Execute, retraced, send } from './statements.ts'

const defaultMax = 20
const idleTimeoutMs = 30_000

export function createPool(options: ConnectionOptions & { max?: number }, log: Log): pg.Pool {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.max ?? defaultMax,
    idleTimeoutMillis: idleTimeoutMs,
  })
  // Without a listener, an idle connection that breaks would end the process. The error carries its whole client.
  pool.on('error', ({ message: reason }) => {
    if (!pool.ending) log.warn({ reason }, 'an idle PostgreSQL connection broke')
  })
  // Nor does anybody listen to one that is just passed on, or given up: who uses it learns it from the statement.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}

/** Runs `work` on a connection of the pool, which gets it back unless it broke or `work` discards it. */
export async function onConnection<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, discard: () => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken = false
  const discard = () => {
    broken = true
  }
  client.on('error', discard)
  try {
    return await work(client, discard)
  } finally {
    client.removeListener('error', discard)
    client.release(broken)
  }
}

/** Unlike the pool's own `query`, keeps the connection when PostgreSQL merely refuses a statement. */
export const executeOnPool =
  (pool: pg.Pool): Execute =>
  (query) =>
    retraced(
      new Promise((resolve, reject) => {
        pool.connect((failure, client, release) => {
          if (client) sendOnce(client, query, { release, resolve, reject })
          else reject(failure)
        })
      }),
    )

interface Answered {
  release: (broken: boolean) => void
  resolve: (result: pg.QueryResult) => void
  reject: (error: unknown) => void
}

/** Gives the connection to the next who waits for one while its answer is still being read: it never stands idle. */
function sendOnce(client: pg.PoolClient, query: Query, { release, resolve, reject }: Answered): void {
  let broken = false
  const discard = () => {
    broken = true
  }
  client.on('error', discard)
  send(client, query, (error, result) => {
    client.removeListener('error', discard)
    release(broken || (error !== null && !isRefusal(error)))
    if (error === null) resolve(result)
    else reject(error)
  })
}

const isRefusal = (error: unknown) => error instanceof pg.DatabaseError && error.severity === 'ERROR'
