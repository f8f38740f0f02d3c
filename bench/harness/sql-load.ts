import { join } from 'node:path'
import { findPgbench, pgbench } from './pgbench.ts'
import type { Contender } from './rounds.ts'
import { runInProcess } from './run-in-process.ts'
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

export interface SqlContenderLoad extends SqlLoad {
  /** Waited for after each run. */
  settle?: () => Promise<void>
}

/** The statements by themselves, prepared: what the database alone can do. */
export function sqlContender(
  { settle, ...load }: SqlContenderLoad,
  print: (line: string) => void,
): Contender {
  const program = findPgbench()
  if (program === null)
    print('pgbench is not installed (postgresql-contrib has it): a bare pg client stands in')
  return {
    name: 'pgbench',
    async run(seconds) {
      const figures = await (program === null ? drive(load, seconds) : pgbench(program, load, seconds))
      await settle?.()
      return figures
    },
  }
}

const drive = (load: SqlLoad, seconds: number): Promise<Figures> =>
  runInProcess(join(import.meta.dirname, 'sql-process.ts'), { ...load, seconds })
