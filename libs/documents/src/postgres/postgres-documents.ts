import type { Database } from '@sandkeep/postgres'
import { layoutOf } from '../definition.ts'
import type { Collection, CollectionDefinition, Document, Documents } from '../documents.ts'
import { createValidator } from '../validator.ts'
import { ensureCollection } from './ensure-collection.ts'
import { PostgresCollection } from './postgres-collection.ts'

/** Documents as JSONB in the service's own database, which stays the caller's to close. */
export function postgresDocuments(db: Database): Documents {
  return {
    async collection<T extends Document>(definition: CollectionDefinition<T>): Promise<Collection<T>> {
      const layout = layoutOf(definition)
      const validate = createValidator(layout, definition.schema)
      await ensureCollection(db, layout)
      return new PostgresCollection<T>(db, layout, validate)
    },
    async [Symbol.asyncDispose]() {},
  }
}
