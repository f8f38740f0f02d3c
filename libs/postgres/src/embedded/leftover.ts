import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { type Layout, readPostmaster } from './layout.ts'
import { commandLine } from './process-identity.ts'

const fastShutdownMs = 10_000
const pollMs = 20

/** Stops the server that a killed process left running on this data, if there is one. */
export async function stopLeftover(layout: Layout, log: Log): Promise<void> {
  const postmaster = await readPostmaster(layout)
  if (postmaster === undefined) return
  const command = await commandLine(postmaster.pid)
  if (command?.includes(layout.cluster) !== true) {
    // The number may belong to something else by now, which would make PostgreSQL refuse to start.
    await rm(layout.postmasterPid, { force: true })
    return
  }
  log.warn({ pid: postmaster.pid }, 'stopping the PostgreSQL that an earlier run left behind')
  await stopProcess(postmaster.pid)
}

/** Fast shutdown; when that takes too long, an immediate one, from which the next start recovers. */
export async function stopProcess(pid: number): Promise<void> {
  signal(pid, 'SIGINT')
  const deadline = Date.now() + fastShutdownMs
  while (signal(pid, 0)) {
    if (Date.now() > deadline) signal(pid, 'SIGQUIT')
    await delay(pollMs)
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
