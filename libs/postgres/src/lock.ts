import type { ConnectionOptions } from './connection.ts'
import { openSession } from './session.ts'

export async function withLock<T>(
  options: ConnectionOptions,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  await using session = await openSession(options)
  const { rows } = await session.client.query<{ held: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
    [name],
  )
  if (rows[0]?.held !== true) return null
  try {
    return await work(session.lost)
  } finally {
    // The server notices a closed connection a little later; the next holder need not wait for that.
    if (!session.lost.aborted) await session.client.query('select pg_advisory_unlock_all()').catch(() => {})
  }
}
