import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, freePort } from '@sandkeep/testkit'
import { benchDirectory } from './engines.ts'
import type { Target } from './target.ts'

const startTimeoutMs = 30_000

export interface ServiceOptions {
  /** What `node` runs. */
  command: [script: string, ...args: string[]]
  env: Record<string, string>
  /** For the log. */
  directory: string
  profile: boolean
}

/** Runs one service as production does: a process of its own, configured by its environment. */
export async function startService(
  name: string,
  { command, env, directory, profile }: ServiceOptions,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const port = await freePort()
  const logFile = join(directory, `${name}.log`)
  await using log = await open(logFile, 'a')
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(benchDirectory, 'profiles')}`] : []
  const child = spawn(process.execPath, [...profiling, ...command], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env, PORT: String(port) },
    stdio: ['ignore', log.fd, log.fd],
  })
  stack.defer(() => end(child))
  const origin = `http://127.0.0.1:${port}`
  await eventually(() => endedOrReady(origin, child), { timeoutMs: startTimeoutMs }).catch(() => {})
  if (!(await isReady(origin))) throw new Error(`${name} did not start: ${await readFile(logFile, 'utf8')}`)
  return { origin, cpuMicros: () => cpuMicros(origin) }
}

async function endedOrReady(origin: string, child: ChildProcess): Promise<void> {
  if (child.exitCode === null && !(await isReady(origin))) throw new Error('not ready')
}

const isReady = (origin: string): Promise<boolean> =>
  fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function cpuMicros(origin: string): Promise<number> {
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  const seconds = /^process_cpu_seconds_total ([\d.e+-]+)/m.exec(metrics)?.[1]
  if (seconds === undefined) throw new Error(`${origin} does not tell its processor time`)
  return Number(seconds) * 1_000_000
}
