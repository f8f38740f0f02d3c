import type { StoredService } from '@sandkeep/embedded/parts'
import { type MigrationSource, migrate } from '@sandkeep/postgres'
import { copyTable, type Print, printTable } from './copy-table.ts'
import { finished, openProgress, type Progress } from './progress.ts'
import { requireThisRelease } from './release.ts'
import type { Finding } from './report.ts'
import { beginSnapshot, inTransaction, openSession } from './session.ts'
import { copyPartitions, copySequences, listTables } from './tables.ts'

export interface DatabaseMove {
  service: StoredService
  sourceUrl: string
  targetUrl: string
  migrations: MigrationSource[]
  say: (line: string) => void
  stack: AsyncDisposableStack
}

export interface OpenMove {
  progress: Progress
  /** Copies what is not copied yet, a table in a transaction. */
  copy(): Promise<void>
  /** Compares every table with the source as it was when the move began. */
  verify(): Promise<Finding[]>
  /** Writes down that nothing is left to do. */
  finish(): Promise<void>
}

/** Opens both sides; refuses a target that is not for this source. */
export async function openMove(move: DatabaseMove): Promise<OpenMove> {
  const { service, stack, say } = move
  const source = await openSession(move.sourceUrl, stack)
  const target = await openSession(move.targetUrl, stack)
  await beginSnapshot(source)
  await requireThisRelease(service, source, move.migrations)
  const progress = await openProgress(service, source, target)
  const tables = await listTables(source)
  return {
    progress,
    async copy() {
      await migrate(move.targetUrl, move.migrations)
      await copyPartitions(source, target)
      for (const table of tables) {
        if (progress.isDone(table.name)) continue
        const print = await inTransaction(target, async () => {
          const copied = await copyTable(source, target, table)
          await progress.done(table.name)
          return copied
        })
        say(`copied ${service} ${table.name}: ${print.count} rows`)
      }
      await copySequences(source, target)
    },
    async verify() {
      const findings: Finding[] = []
      for (const table of tables) {
        const prints: [Print, Print] = [await printTable(source, table), await printTable(target, table)]
        findings.push({ what: `${service} ${table.name}`, source: prints[0], target: prints[1] })
      }
      return findings
    },
    finish: () => progress.done(finished),
  }
}
