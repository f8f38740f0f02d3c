import pg from 'pg'
import { type ConnectionOptions, connectionConfig } from './connection.ts'
import type { Log } from './log.ts'
import { type Execute, executeOn } from './statements.ts'

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
    onConnection(pool, async (client, discard) => {
      try {
        return await executeOn(client)(query)
      } catch (error) {
        if (!isRefusal(error)) discard()
        throw error
      }
    })

const isRefusal = (error: unknown) => error instanceof pg.DatabaseError && error.severity === 'ERROR'
