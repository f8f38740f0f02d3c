import { join } from 'node:path'
import { findPgbench, pgbench } from './pgbench.ts'
import type { Contender } from './rounds.ts'
import { runInProcess } from './run-in-process.ts'

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
  print(
    'pgbench is not installed (postgresql-contrib has it): its peer here is a bare pg client in its place',
  )
  return {
    name: 'pgbench',
    run: (seconds) => runInProcess(join(import.meta.dirname, 'sql-process.ts'), { ...load, seconds }),
  }
}
