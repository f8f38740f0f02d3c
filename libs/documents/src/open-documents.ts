import { type Database, sql } from '@sandkeep/postgres'
import type { Adapter } from './adapter.ts'
import { layoutOf } from './definition.ts'
import type { AnyDefinition, Documents } from './documents.ts'
import { CollectionDefinitionError } from './errors.ts'
import { postgresDocuments } from './postgres/postgres-documents.ts'
import { applyMigrations } from './shape/apply-migrations.ts'
import { type CollectionSource, differing } from './shape/drift.ts'
import { type Migration, readMigrations } from './shape/migration-files.ts'
import { makeCollection, type Shapes } from './shape/shape.ts'
import { createValidator } from './validator.ts'

/**
 * The tables of `postgres:` documents live in the schema `documents` of the service's database;
 * hand these to `migrate` before opening.
 */
export const migrations = { schema: 'documents', directory: `${import.meta.dirname}/../migrations` }

export interface DocumentsOptions {
  /** The service's own database: holds `postgres:` documents, and the lock under which any store is changed. */
  db: Database
  /** Given, collections are made by these migrations as the store opens; others cannot be used. */
  collections?: CollectionSource
}

/**
 * Opens the documents that a URL names: `postgres:`, or `mongodb://host/database`; without a path MongoDB's database
 * has the name of the service's own. Throws DocumentsUnavailableError when the store is out of reach.
 */
export async function openDocuments(url: string, { db, collections }: DocumentsOptions): Promise<Documents> {
  await using stack = new AsyncDisposableStack()
  const adapter = stack.use(await openAdapter(url, db))
  const made = collections && (await readMigrations(collections.directory))
  if (made) await alone(db, adapter, (shapes) => applyMigrations(shapes, made))
  const opened = stack.move()
  return {
    async collection(definition) {
      const layout = layoutOf(definition)
      const validate = createValidator(layout, definition.schema)
      if (made) checkMade(definition, made)
      else await alone(db, adapter, (shapes) => makeCollection(shapes, { layout, schema: definition.schema }))
      return adapter.open(layout, validate)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function openAdapter(url: string, db: Database): Promise<Adapter> {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  if (scheme === 'postgres:') return postgresDocuments(db)
  if (scheme !== 'mongodb:' && scheme !== 'mongodb+srv:') {
    throw new Error(`A documents URL starts with postgres: or mongodb:, not with ${JSON.stringify(scheme)}`)
  }
  // The driver is large: only who uses it loads it.
  const { mongoDocuments } = await import('./mongodb/mongo-documents.ts')
  const row = await db.one<{ name: string }>(sql`select current_database() as name`)
  return mongoDocuments(url, row?.name ?? '')
}

/** Works while no other process changes collections, and takes its time. */
function alone<R>(db: Database, adapter: Adapter, work: (shapes: Shapes) => Promise<R>): Promise<R> {
  return db.transaction(
    async (tx) => {
      await tx.query(sql`select pg_advisory_xact_lock(hashtextextended('documents', 0))`)
      return adapter.withShapes(tx, work)
    },
    { patient: true },
  )
}

function checkMade(definition: AnyDefinition, migrations: readonly Migration[]): void {
  if (differing([definition], migrations).length === 0) return
  throw new CollectionDefinitionError(
    definition.name,
    'it is not what the newest of its migrations says: write another one',
  )
}
