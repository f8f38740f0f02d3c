import type pg from 'pg'
import { quoteIdentifier } from '../sql.ts'
import { recordFailure, recordFinish, recordStart } from './history.ts'
import type { Migration } from './migration-files.ts'

/** A first line of a file whose one statement PostgreSQL refuses inside a transaction. */
const outsideTransaction = /^-- outside a transaction\b/i

export async function applyMigration(client: pg.Client, schema: string, migration: Migration): Promise<void> {
  await useSchema(client, schema)
  try {
    if (outsideTransaction.test(migration.sql)) await applyOutsideTransaction(client, migration)
    else await applyInTransaction(client, migration)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`migration ${migration.name} of schema ${schema} failed: ${reason}`, { cause: error })
  }
}

/** Also forgets what the migration before has set. */
export async function useSchema(client: pg.Client, schema: string): Promise<void> {
  await client.query('reset all')
  const path = schema === 'public' ? ['public'] : [schema, 'public']
  await client.query(`set search_path to ${path.map(quoteIdentifier).join(', ')}`)
}

/** The change and its record commit together: a migration that fails leaves nothing behind. */
async function applyInTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    const id = await recordStart(client, migration)
    await client.query(migration.sql)
    await recordFinish(client, id)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** The record comes first and stays when the statement fails, as with Prisma: what is half-done needs a person. */
async function applyOutsideTransaction(client: pg.Client, migration: Migration): Promise<void> {
  const id = await recordStart(client, migration)
  try {
    await client.query(migration.sql)
  } catch (error) {
    await recordFailure(client, id, String(error)).catch(() => {})
    throw error
  }
  await recordFinish(client, id)
}
