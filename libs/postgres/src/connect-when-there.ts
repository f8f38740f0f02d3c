import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { isConnectionLost } from './errors.ts'
import type { Log } from './log.ts'

const [firstPauseMs, longestPauseMs] = [100, 2_000]
const remindEvery = 10

const awayStates = new Set<unknown>([
  '57P01', // it is shutting down
  '57P02',
  '57P03', // it is starting up, or recovering
  '53300', // it has no connection left
])

/**
 * A connected client, made by `create`. Waits as long as the server is away or still starting, and says so by name;
 * whatever else is wrong, such as the password, throws at once.
 */
export async function connectWhenThere(create: () => pg.Client, log: Log): Promise<pg.Client> {
  for (let attempt = 0; ; attempt++) {
    const client = create()
    try {
      await client.connect()
      if (attempt > 0) log.info({ host: client.host, port: client.port }, 'PostgreSQL is there')
      return client
    } catch (error) {
      await client.end().catch(() => {})
      if (!isAway(error)) throw error
      if (attempt % remindEvery === 0)
        log.warn(
          { host: client.host, port: client.port, reason: error.message },
          'waiting for PostgreSQL, which is not there yet',
        )
    }
    await delay(Math.min(firstPauseMs * 2 ** attempt, longestPauseMs))
  }
}

const isAway = (error: unknown): error is Error =>
  isConnectionLost(error) || (error instanceof pg.DatabaseError && awayStates.has(error.code))
