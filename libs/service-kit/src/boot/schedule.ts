import type { Logger } from 'pino'

export interface Task {
  name: string
  pauseMs: number
  /** Whether the first run comes before the first pause. */
  atOnce?: boolean
  run: () => Promise<unknown>
}

/** Runs a task again and again with a pause between; a failure is logged and the next run tries again. */
export function schedule({ name, pauseMs, run, atOnce = false }: Task, log: Logger): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const once = async (): Promise<void> => {
    await run().catch((err) => log.warn({ err, task: name }, 'scheduled task failed'))
    if (!stopped) plan()
  }
  const plan = (): void => {
    timer = setTimeout(() => {
      running = once()
    }, pauseMs).unref()
  }

  if (atOnce) running = once()
  else plan()
  return {
    async [Symbol.asyncDispose]() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
