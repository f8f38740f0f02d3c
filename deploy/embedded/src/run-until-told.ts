import type { Logger } from 'pino'

// npm hands a Ctrl-C on to its child, which the terminal has told already: two signals for one key.
const sameKeyMs = 300

export interface RunOptions<T> {
  log: Logger
  endAtOnce: () => void
  /** Watches what runs, and calls `crashed` when it cannot go on. */
  watch?: (running: T, crashed: () => void) => Disposable
}

/**
 * Runs something until a signal, then ends it in order; a second signal ends at once. What nobody caught, or a crash
 * that its watch sees, ends it in order too. Answers the exit code.
 */
export async function runUntilTold<T extends AsyncDisposable>(
  starting: Promise<T>,
  { log, endAtOnce, watch }: RunOptions<T>,
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
  await using running = await starting
  using _watch = watch?.(running, () => told.resolve(1))
  return await told.promise
}
