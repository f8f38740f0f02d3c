import type { Logger } from 'pino'
import type { Product } from './product.ts'
import { watchProcess } from './watch-process.ts'

// npm hands a Ctrl-C on to its child, which the terminal has told already: two signals for one key.
const sameKeyMs = 300

/**
 * Runs a product until a signal, then ends it in order; a second signal ends at once. What nobody caught, or an end of
 * PostgreSQL, ends it in order too. Answers the exit code.
 */
export async function runUntilTold(
  starting: Promise<Product>,
  { log, endAtOnce }: { log: Logger; endAtOnce: () => void },
): Promise<number> {
  const told = Promise.withResolvers<number>()
  let toldAt: number | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    if (toldAt !== undefined && performance.now() - toldAt > sameKeyMs) endAtOnce()
    toldAt ??= performance.now()
    log.info({ signal }, 'stopping')
    told.resolve(0)
  }
  const onCrash = (error: unknown) => {
    log.fatal({ err: error }, 'unexpected error, stopping')
    told.resolve(1)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash)
  await using product = await starting
  using _watch = watchProcess(product.postgres.pid, () => {
    log.fatal('PostgreSQL has ended, stopping: start again, which recovers what was acknowledged')
    told.resolve(1)
  })
  return await told.promise
}
