import { StartRefusedError, type StoredService } from '@sandkeep/embedded/parts'
import { type MigrationSource, readMigrations } from '@sandkeep/postgres'
import pg from 'pg'

/** Throws `StartRefusedError` unless a database has exactly the form that this release gives it. */
export async function requireThisRelease(
  service: StoredService,
  source: pg.Client,
  migrations: readonly MigrationSource[],
): Promise<void> {
  for (const { schema, directory } of migrations) {
    const known = (await readMigrations(directory)).map((it) => it.name)
    const applied = await appliedIn(source, schema)
    const different = [...new Set(known).symmetricDifference(applied)]
    if (different.length > 0)
      throw new StartRefusedError(
        `The data of ${service} is not of this release (${schema}: ${different.join(', ')}). Start it once with this release, stop it, and promote again.`,
      )
  }
}

async function appliedIn(source: pg.Client, schema: string): Promise<Set<string>> {
  const table = `${pg.escapeIdentifier(schema)}._prisma_migrations`
  const there = await source.query<{ found: boolean }>('select to_regclass($1) is not null as found', [table])
  if (!there.rows[0]?.found) return new Set()
  const { rows } = await source.query<{ name: string }>(
    `select migration_name as name from ${table} where finished_at is not null and rolled_back_at is null`,
  )
  return new Set(rows.map((it) => it.name))
}
