import type { Database } from '@sandkeep/postgres'
import type { Documents } from './documents.ts'
import { postgresDocuments } from './postgres/postgres-documents.ts'

/**
 * The tables of `postgres:` documents live in the schema `documents` of the service's database;
 * hand these to `migrate` before opening.
 */
export const migrations = { schema: 'documents', directory: `${import.meta.dirname}/../migrations` }

/** Opens the documents that a URL names: `postgres:` is the service's own database, given as `db`. */
export async function openDocuments(url: string, { db }: { db: Database }): Promise<Documents> {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  if (scheme === 'postgres:') return postgresDocuments(db)
  throw new Error(`A documents URL starts with postgres:, not with ${JSON.stringify(scheme)}`)
}
