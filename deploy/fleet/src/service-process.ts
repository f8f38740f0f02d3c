import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endWithThisProcess } from '@sandkeep/testkit'

/** One life of a service. */
export interface ServiceProcess {
  pid: number
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>
  signal(signal: NodeJS.Signals): void
  /** Ends it in order, or after `patienceMs` at once. */
  end(patienceMs: number): Promise<void>
}

/** Runs a service as production does: its own `main.ts`, told everything by its environment. It ends with this process. */
export function startServiceProcess(
  name: string,
  env: Record<string, string>,
  onLine: (line: string) => void,
): ServiceProcess {
  const main = fileURLToPath(new URL(`../../../services/${name}/src/main.ts`, import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the fleet, which ends its services in order.
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) readLines(stream, onLine)
  const { pid = 0 } = child
  const guard = endWithThisProcess({ pid, signal: 'SIGKILL' })
  const ended = endOf(child).finally(() => guard[Symbol.dispose]())
  const signal = (it: NodeJS.Signals) => void child.kill(it)
  return {
    pid,
    ended,
    signal,
    async end(patienceMs) {
      signal('SIGTERM')
      signal('SIGCONT')
      const deadline = new AbortController()
      const late = delay(patienceMs, true, { signal: deadline.signal }).catch(() => false)
      if ((await Promise.race([ended, late])) === true) signal('SIGKILL')
      deadline.abort()
      await ended
    },
  }
}

function readLines(input: Readable, onLine: (line: string) => void): void {
  createInterface({ input }).on('line', onLine)
}

/** Everything it wrote was read by then. */
function endOf(child: ChildProcess): Promise<number | string> {
  const { promise, resolve } = Promise.withResolvers<number | string>()
  child.once('error', (error) => resolve(error.message))
  child.once('close', (code, signal) => resolve(code ?? signal ?? 'an unknown end'))
  return promise
}
