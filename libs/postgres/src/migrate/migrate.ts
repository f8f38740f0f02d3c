import pg from 'pg'
import { connectWhenThere } from '../connect-when-there.ts'
import { connectionConfig } from '../connection.ts'
import { type Log, silentLog } from '../log.ts'
import { quoteIdentifier } from '../sql.ts'
import { applyMigration, useSchema } from './apply.ts'
import { readHistory } from './history.ts'
import { readMigrations } from './migration-files.ts'
import { pendingMigrations } from './plan.ts'

/** A folder of migrations in Prisma's layout, and the PostgreSQL schema that they and their history live in. */
export interface MigrationSource {
  schema: string
  directory: string
}

/** The key that Prisma's own commands lock. */
const advisoryLock = 72707369

/**
 * Applies what is new in the sources, in their order, and answers its names as `schema/name`. Several
 * processes may call it at once. Refuses, by name, a migration that was edited after it was applied or
 * that failed half-way; each one runs in a transaction unless its file starts with
 * `-- outside a transaction`. A server that is not there yet is waited for.
 */
export async function migrate(
  url: string,
  sources: MigrationSource[],
  log: Log = silentLog,
): Promise<string[]> {
  const client = await connectWhenThere(() => createClient(url, log), log)
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock])
    const applied: string[] = []
    for (const source of sources) applied.push(...(await migrateSchema(client, source, log)))
    return applied
  } finally {
    await client.end()
  }
}

function createClient(url: string, log: Log): pg.Client {
  const client = new pg.Client(connectionConfig({ url, applicationName: 'migrate', statementTimeoutMs: 0 }))
  client.on('error', (error) => log.warn({ err: error }, 'the connection of the migrations broke'))
  return client
}

async function migrateSchema(
  client: pg.Client,
  { schema, directory }: MigrationSource,
  log: Log,
): Promise<string[]> {
  const migrations = await readMigrations(directory)
  await ensureSchema(client, schema)
  await useSchema(client, schema)
  const pending = pendingMigrations(schema, migrations, await readHistory(client))
  for (const migration of pending) {
    await applyMigration(client, schema, migration)
    log.info({ schema, migration: migration.name }, 'migration applied')
  }
  return pending.map((it) => `${schema}/${it.name}`)
}

async function ensureSchema(client: pg.Client, schema: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [schema])
  if (rowCount === 0) await client.query(`create schema ${quoteIdentifier(schema)}`)
}
