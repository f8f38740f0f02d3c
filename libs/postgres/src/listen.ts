import type { ConnectionOptions } from './connection.ts'
import type { Log } from './log.ts'
import { openSession, type Session } from './session.ts'
import { quoteIdentifier } from './sql.ts'

const firstDelayMs = 100
const longestDelayMs = 5_000

/** Listens until disposed. While PostgreSQL cannot be reached, it goes on trying in the background. */
export async function listen(
  options: ConnectionOptions,
  { channel, onNotify, log }: { channel: string; onNotify: () => void; log: Log },
): Promise<AsyncDisposable> {
  let session: Session | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function subscribe(): Promise<void> {
    await using opening = new AsyncDisposableStack()
    const opened = opening.use(await openSession(options))
    opened.client.on('notification', onNotify)
    await opened.client.query(`listen ${quoteIdentifier(channel)}`)
    if (closed) return
    opening.move()
    session = opened
    opened.lost.addEventListener('abort', () => {
      void opened[Symbol.asyncDispose]()
      retry(firstDelayMs)
    })
  }

  function retry(delayMs: number): void {
    if (closed) return
    timer = setTimeout(() => {
      subscribe().then(onNotify, (error: unknown) => {
        log.warn({ err: error, channel }, 'cannot listen to PostgreSQL, trying again')
        retry(Math.min(delayMs * 2, longestDelayMs))
      })
    }, delayMs)
  }

  await subscribe().catch((error: unknown) => {
    log.warn({ err: error, channel }, 'cannot listen to PostgreSQL, trying again')
    retry(firstDelayMs)
  })
  return {
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(timer)
      await session?.[Symbol.asyncDispose]()
    },
  }
}
