import type { Logger } from 'pino'
import { reasonOf } from './errors.ts'

/** Repeats `work` with so long a pause between two runs; a failure is logged and the next run tries again. */
export function every(pauseMs: number, log: Logger, work: () => Promise<unknown>): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let isStopped = false
  const run = async () => {
    await work().catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'periodic work failed'))
    if (!isStopped) schedule()
  }
  const schedule = () => {
    timer = setTimeout(() => {
      running = run()
    }, pauseMs).unref()
  }
  running = run()
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
