import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const kibibyte = 1_024

/** Bytes of memory that a server and its children hold; what they share counts once where the system tells. */
export async function residentMemoryOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return portableMemoryOf(pid)
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const sizes = await Promise.all(
    ids.map(async (id) => ((await belongsTo(id, pid)) ? proportionalSize(id) : 0)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function belongsTo(id: string, pid: number): Promise<boolean> {
  if (Number(id) === pid) return true
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
}

async function proportionalSize(id: string): Promise<number> {
  const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * kibibyte
}

async function portableMemoryOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss='])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return rows
    .filter(([id, parent]) => id === pid || parent === pid)
    .reduce((sum, [, , rss = 0]) => sum + rss * kibibyte, 0)
}
