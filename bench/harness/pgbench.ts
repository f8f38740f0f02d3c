import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { SqlLoad } from './sql-load.ts'
import { type Figures, percentile } from './statistics.ts'

const run = promisify(execFile)

/** Where a PostgreSQL installation of this machine keeps pgbench; null when there is none. */
export function findPgbench(): string | null {
  const installed = globSync('/usr/lib/postgresql/*/bin/pgbench').toSorted().toReversed()
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((it) => join(it, 'pgbench'))
  return [...installed, ...onPath].find((it) => existsSync(it)) ?? null
}

/** One run of PostgreSQL's own load generator. */
export async function pgbench(program: string, load: SqlLoad, seconds: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'pgbench-'))
  try {
    return await measure(program, load, { seconds, folder })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(
  program: string,
  { url, statements, upTo, clients }: SqlLoad,
  { seconds, folder }: { seconds: number; folder: string },
): Promise<Figures> {
  const file = join(folder, 'script.sql')
  const oneLined = statements.map((it) => `${it.replaceAll(/\s+/g, ' ').trim()};`)
  await writeFile(file, [`\\set n random(1, ${upTo})`, ...oneLined, ''].join('\n'))
  const work = ['--no-vacuum', '--protocol=prepared', `--client=${clients}`, `--time=${Math.ceil(seconds)}`]
  const log = ['--log', `--log-prefix=${join(folder, 'log')}`]
  const { stdout } = await run(program, [...work, ...log, `--file=${file}`, url])
  const [logFile = ''] = globSync(join(folder, 'log.*'))
  const micros = (await readFile(logFile, 'utf8')).trimEnd().split('\n').map(transactionMicros)
  const sorted = Float64Array.from(micros).sort()
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  const [p50Ms, p99Ms] = [percentile(sorted, 0.5) / 1000, percentile(sorted, 0.99) / 1000]
  return { perSecond, p50Ms, p99Ms, cpuMicros: Number.NaN }
}

// client, number of the transaction, its microseconds, …
const transactionMicros = (line: string) => Number(line.split(' ')[2])
