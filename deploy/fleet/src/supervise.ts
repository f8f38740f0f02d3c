import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'

/** A service that is started again whenever its process ends. */
export interface SupervisedService extends AsyncDisposable {
  /** Where it answers, the same in every life. */
  readonly url: string
  /** Of the process that runs now; undefined between two lives. */
  pid(): number | undefined
  isReady(): boolean
  /** Resolves when it can be given work, in this life or a later one. Throws when it will not be, or not in time. */
  whenReady(timeoutMs?: number): Promise<void>
  /** Ends its process as a power cut would, and waits for that end. */
  kill(): Promise<void>
  /** Makes it hang: connections stay, nothing answers. */
  pause(): void
  resume(): void
}

export interface SuperviseOptions {
  name: string
  env: Record<string, string>
  log: Logger
  /** Gets every line that the service writes. */
  onLine: (line: string) => void
}

const [firstPauseMs, longestPauseMs] = [200, 10_000]
/** Who lived so long did not fail to start. */
const longLifeMs = 30_000
const readyPollMs = 50
const readyTimeoutMs = 90_000
/** More than the five phases of an orderly end may take. */
const endPatienceMs = 30_000
const wrongConfigurationCode = 78

export function supervise({ name, env, log, onLine }: SuperviseOptions): SupervisedService {
  const url = `http://127.0.0.1:${env['PORT']}`
  const stopping = new AbortController()
  let current: ServiceProcess | undefined
  let isReady = false
  let lastLine = ''
  let gaveUp: Error | undefined

  async function live(): Promise<number | string> {
    const it = startServiceProcess(name, env, (line) => {
      lastLine = line
      onLine(line)
    })
    current = it
    const life = new AbortController()
    void becomesReady(url, life.signal).then((became) => {
      isReady = became
    })
    const ending = await it.ended
    life.abort()
    isReady = false
    current = undefined
    return ending
  }

  async function keepRunning(): Promise<void> {
    for (let failures = 0; ; ) {
      const bornAt = performance.now()
      const ending = await live()
      if (stopping.signal.aborted) return
      if (ending === wrongConfigurationCode) {
        gaveUp = new Error(`${name} is not started again, since its configuration is wrong: ${lastLine}`)
        log.fatal(gaveUp.message)
        return
      }
      failures = performance.now() - bornAt > longLifeMs ? 0 : failures + 1
      const pauseMs = Math.min(firstPauseMs * 2 ** Math.max(failures - 1, 0), longestPauseMs)
      log.warn({ service: name, ending, pauseMs }, 'service ended, starting it again after a pause')
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
    }
  }

  const running = keepRunning()
  return {
    url,
    pid: () => current?.pid,
    isReady: () => isReady,
    async whenReady(timeoutMs = readyTimeoutMs) {
      for (const deadline = Date.now() + timeoutMs; !isReady; await delay(readyPollMs)) {
        if (gaveUp) throw gaveUp
        if (Date.now() > deadline) throw new Error(`${name} is not ready; its last words: ${lastLine}`)
      }
    },
    async kill() {
      const it = current
      it?.signal('SIGKILL')
      await it?.ended
    },
    pause: () => current?.signal('SIGSTOP'),
    resume: () => current?.signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await current?.end(endPatienceMs)
      await running
    },
  }
}

/** Asks until it is ready, which is true, or its life is over, which is false. */
async function becomesReady(url: string, life: AbortSignal): Promise<boolean> {
  while (!life.aborted) {
    const answer = await fetch(`${url}/readyz`, { signal: life }).catch(() => null)
    await answer?.body?.cancel().catch(() => {})
    if (answer?.ok && !life.aborted) return true
    await delay(readyPollMs, undefined, { signal: life }).catch(() => {})
  }
  return false
}
