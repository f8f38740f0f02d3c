import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrations } from '../migrate/migration-files.ts'
import { createEngine } from './engine.ts'

const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' }
const everything = { externalTables: [], externalEnums: [] }

/**
 * What would have to change for the service's migrations to make the database that its schema.prisma
 * describes; null when they agree. Applies the migrations to a database of their own on the server at
 * `url`, whose user may create databases, and drops it.
 */
export async function schemaDrift(serviceDirectory: string, url: string): Promise<string | null> {
  const baseDir = join(serviceDirectory, 'prisma', 'migrations')
  const schema = join(serviceDirectory, 'prisma', 'schema.prisma')
  const files = [{ path: schema, content: await readFile(schema, 'utf8') }]
  const migrations = await readMigrations(baseDir)
  const migrationDirectories = migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  }))
  const { open, describe } = createEngine({ datamodels: [schema], datasource: { url } })
  const engine = await open()
  try {
    const { exitCode, stdout } = await engine.diff({
      from: {
        tag: 'migrations',
        baseDir,
        lockfile,
        shadowDbInitScript: '',
        migrationDirectories,
      },
      to: { tag: 'schemaDatamodel', files },
      script: false,
      exitCode: true,
      filters: everything,
    })
    return exitCode === 0 ? null : (stdout ?? '')
  } catch (error) {
    throw new Error(`the migrations in ${baseDir} do not apply: ${describe(error).message}`, { cause: error })
  }
}
