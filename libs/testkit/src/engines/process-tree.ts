import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, signalIfRunning } from '../processes.ts'

const pollMs = 5

/** The processes that one started and that still run. Linux only; elsewhere none. */
export async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const texts = await Promise.all(tasks.map((task) => readText(`/proc/${pid}/task/${task}/children`)))
  return texts.join(' ').split(' ').filter(Boolean).map(Number)
}

/** A process and all that it and its own started, itself first. */
export async function treeOf(pid: number): Promise<number[]> {
  const trees = await Promise.all((await childrenOf(pid)).map(treeOf))
  return [pid, ...trees.flat()]
}

/** Stops a process and all that it started from running on; resolves when none does anything any more. */
export async function freeze(pid: number): Promise<void> {
  for (const it of await treeOf(pid)) signalIfRunning(it, 'SIGSTOP')
  while ((await Promise.all((await treeOf(pid)).map(isFrozen))).includes(false)) await delay(pollMs)
}

export async function thaw(pid: number): Promise<void> {
  for (const it of await treeOf(pid)) signalIfRunning(it, 'SIGCONT')
}

/** Each thread stops by itself, some moments after the signal. */
async function isFrozen(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const stats = await Promise.all(tasks.map((task) => readText(`/proc/${pid}/task/${task}/stat`)))
  return stats.every((stat) => /\) [TtZXx] /.test(stat) || stat === '') || !isRunning(pid)
}

const readText = (path: string) => readFile(path, 'utf8').catch(() => '')
