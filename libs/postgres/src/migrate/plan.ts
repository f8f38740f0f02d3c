import type { Applied } from './history.ts'
import type { Migration } from './migration-files.ts'

/** What is left to apply; throws when the database and the files contradict each other. */
export function pendingMigrations(schema: string, migrations: Migration[], history: Applied[]): Migration[] {
  const failed = history.filter((it) => !it.finished).map((it) => it.name)
  if (failed.length > 0) {
    throw new Error(
      `migration ${failed.join(', ')} of schema ${schema} failed half-way: repair what it left, ` +
        'then mark it with "prisma migrate resolve"',
    )
  }
  const checksums = new Map(history.map((it) => [it.name, it.checksum]))
  const edited = migrations.filter((it) => (checksums.get(it.name) ?? it.checksum) !== it.checksum)
  if (edited.length > 0) {
    throw new Error(
      `migration ${edited.map((it) => it.name).join(', ')} of schema ${schema} was edited after it was applied: ` +
        'restore the file and write a new migration',
    )
  }
  return migrations.filter((it) => !checksums.has(it.name))
}
