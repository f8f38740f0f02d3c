import { fork } from 'node:child_process'
import { join } from 'node:path'
import { findPgbench, pgbench } from './pgbench.ts'
import type { Contender } from './rounds.ts'
import type { SqlReport } from './sql-process.ts'
import type { Figures } from './statistics.ts'

/** Statements that are sent one after another, each on its own, by every client in a closed loop. */
export type SqlLoad = {
  url: string
  /** `:n` in them is a number drawn anew for each round trip of the list. */
  statements: string[]
  /** `:n` is between 1 and this. */
  upTo: number
  clients: number
}

/** The statements by themselves, prepared: what the database alone can do. */
export function sqlContender(load: SqlLoad, print: (line: string) => void): Contender {
  const program = findPgbench()
  if (program !== null) return { name: 'pgbench', run: (seconds) => pgbench(program, load, seconds) }
  print('pgbench is not installed (postgresql-contrib has it): its peer here is a bare pg client in its place')
  return { name: 'pgbench', run: (seconds) => drive(load, seconds) }
}

function drive(load: SqlLoad, seconds: number): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'sql-process.ts'))
    child.once('message', (report: SqlReport) => resolve({ ...report, cpuMicros: Number.NaN }))
    child.once('exit', (code) => reject(new Error(`The SQL client ended with ${code} and no report`)))
    child.once('error', reject)
    child.send({ ...load, seconds })
  })
}
