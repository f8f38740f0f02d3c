import pg from 'pg'
import { type ConnectionOptions, connectionConfig } from './connection.ts'

/** A connection outside the pool, for what belongs to a session: a lock, a subscription. */
export interface Session extends AsyncDisposable {
  client: pg.Client
  /** Aborts when the connection is gone. */
  lost: AbortSignal
}

const heartbeatMs = 5_000
// Nobody's request waits for it: a process that is just starting may be too busy to notice a second's answer.
const connectTimeoutMs = 5_000
const closeTimeoutMs = 1_000

export async function openSession(options: ConnectionOptions): Promise<Session> {
  const client = new pg.Client({
    ...connectionConfig(options),
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: heartbeatMs,
  })
  const gone = new AbortController()
  client.on('error', (error) => gone.abort(error))
  client.on('end', () => gone.abort(new Error('the PostgreSQL connection ended')))
  await client.connect()
  // A peer that vanished without a word is noticed only by asking.
  const heartbeat = setInterval(() => {
    client.query('select 1').catch((error: unknown) => gone.abort(error))
  }, heartbeatMs)
  heartbeat.unref()
  gone.signal.addEventListener('abort', () => clearInterval(heartbeat))

  return {
    client,
    lost: gone.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      await Promise.race([client.end().catch(() => {}), delay(closeTimeoutMs)])
    },
  }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
