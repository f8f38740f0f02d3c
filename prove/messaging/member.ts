import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Point, type ProcessOptions, type ProcessOrder, processAnswer } from './process-protocol.ts'

const module = fileURLToPath(new URL('fleet-process.ts', import.meta.url))

/** One process of the fleet, which the prover may end in any way and start again. */
export interface Member extends AsyncDisposable {
  readonly name: string
  readonly pid: () => number | undefined
  /** Resolves when it is ready; rejects when it ends by itself before. */
  start(): Promise<void>
  kill(): Promise<void>
  pause(): void
  resume(): void
  /** Ends itself at the n-th visit of the place, or is killed when that takes too long; whether it ended itself. */
  dieAt(point: Point, visit: number): Promise<boolean>
  order(order: ProcessOrder): void
}

export interface MemberOptions {
  options: ProcessOptions
  /** Gets what the process prints. */
  logFile: string
  onPublished: (id: string) => void
}

const longestLifeMs = 8_000

export function createMember({ options, logFile, onPublished }: MemberOptions): Member {
  let child: ChildProcess | null = null
  const isRunning = () => child !== null && child.exitCode === null && child.signalCode === null

  const start = async () => {
    const log = openSync(logFile, 'a')
    const started = fork(module, [JSON.stringify(options)], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    })
    child = started
    const ended = once(started, 'exit').then(() => {
      throw new Error(`${options.name} did not start: see ${logFile}`)
    })
    const ready = new Promise<void>((resolve) => {
      started.on('message', (message) => {
        const answer = processAnswer.parse(message)
        if ('ready' in answer) resolve()
        else onPublished(answer.published)
      })
    })
    await Promise.race([ready, ended])
    ended.catch(() => {})
  }

  const kill = async () => {
    if (!child || !isRunning()) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  const order = (it: ProcessOrder) => void (child?.connected && child.send(it, () => {}))

  return {
    name: options.name,
    pid: () => (isRunning() ? child?.pid : undefined),
    start,
    kill,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async dieAt(point, visit) {
      if (!child || !isRunning()) return false
      const exited = once(child, 'exit')
      let isKilledByProver = false
      const timer = setTimeout(() => {
        isKilledByProver = true
        child?.kill('SIGKILL')
      }, longestLifeMs)
      order({ dieAt: point, visit })
      await exited
      clearTimeout(timer)
      return !isKilledByProver
    },
    order,
    [Symbol.asyncDispose]: kill,
  }
}
