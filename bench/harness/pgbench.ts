import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Contender } from './rounds.ts'
import { percentile } from './statistics.ts'

const run = promisify(execFile)

/** Where a PostgreSQL installation of this machine keeps pgbench; null when there is none. */
export function findPgbench(): string | null {
  const installed = globSync('/usr/lib/postgresql/*/bin/pgbench').toSorted().toReversed()
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((it) => join(it, 'pgbench'))
  return [...installed, ...onPath].find((it) => existsSync(it)) ?? null
}

export type PgbenchRun = { program: string; url: string; script: string; clients: number }

/** The statement by itself, prepared, from PostgreSQL's own load generator: what the database alone can do. */
export function pgbench(what: PgbenchRun): Contender {
  return {
    name: 'pgbench',
    run: async (seconds) => {
      const folder = await mkdtemp(join(tmpdir(), 'pgbench-'))
      try {
        return await measure(what, seconds, folder)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  }
}

async function measure({ program, url, script, clients }: PgbenchRun, seconds: number, folder: string) {
  const file = join(folder, 'script.sql')
  await writeFile(file, script)
  const load = ['--no-vacuum', '--protocol=prepared', `--client=${clients}`, `--time=${Math.ceil(seconds)}`]
  const log = ['--log', `--log-prefix=${join(folder, 'log')}`]
  const { stdout } = await run(program, [...load, ...log, `--file=${file}`, url])
  const [logFile = ''] = globSync(join(folder, 'log.*'))
  const micros = (await readFile(logFile, 'utf8')).trimEnd().split('\n').map(transactionMicros)
  const sorted = Float64Array.from(micros).sort()
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  const [p50Ms, p99Ms] = [percentile(sorted, 0.5) / 1000, percentile(sorted, 0.99) / 1000]
  return { perSecond, p50Ms, p99Ms, cpuMicros: Number.NaN }
}

// client, number of the transaction, its microseconds, …
const transactionMicros = (line: string) => Number(line.split(' ')[2])
