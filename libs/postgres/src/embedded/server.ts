import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Account, launch } from './account.ts'
import type { Binaries } from './binaries.ts'
import { type Layout, readPostmaster } from './layout.ts'
import { serverEnvironment, serverSettings } from './settings.ts'

export interface ServerOptions {
  binaries: Binaries
  account: Account | undefined
  port: number
  durable: boolean
}

/** A server process that ended before it was ready. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

const pollMs = 20

/** Starts a server and waits until it takes connections, which after a crash includes its recovery. */
export async function startServer(layout: Layout, options: ServerOptions): Promise<ChildProcess> {
  const child = await spawnServer(layout, options)
  while (!(await isReady(layout, child))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new StartError(await lastWords(layout))
    await delay(pollMs)
  }
  return child
}

async function isReady(layout: Layout, child: ChildProcess): Promise<boolean> {
  const postmaster = await readPostmaster(layout)
  return postmaster?.pid === child.pid && postmaster?.ready === true
}

async function spawnServer(
  layout: Layout,
  { binaries, account, ...settings }: ServerOptions,
): Promise<ChildProcess> {
  await rename(layout.log, `${layout.log}.old`).catch(() => {})
  await using log = await open(layout.log, 'a', 0o600)
  const args = ['-D', layout.cluster, ...serverSettings(settings)]
  const it = launch(account, join(binaries.directory, 'postgres'), args, dirname(layout.cluster))
  const child = spawn(it.file, it.args, {
    ...it.account,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', log.fd, log.fd],
    // A group of its own: Ctrl-C reaches this process first, which stops the server last.
    detached: true,
  })
  await once(child, 'spawn')
  child.unref()
  return child
}

async function lastWords(layout: Layout): Promise<string> {
  const text = await readFile(layout.log, 'utf8')
  const lines = text.trim().split('\n').slice(-5)
  return `PostgreSQL did not start: ${lines.join(' | ')} (${layout.log})`
}
