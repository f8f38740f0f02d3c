import { type Database, isUnavailable } from '@sandkeep/postgres'
import type { Adapter } from '../adapter.ts'
import { reachable } from '../reachable.ts'
import { PostgresCollection } from './postgres-collection.ts'
import { postgresShapes } from './postgres-shapes.ts'

/** Longer than the database lets one statement run. */
const timeoutMs = 4_500

/** Documents as JSONB in the service's own database, which stays the caller's to close. */
export function postgresDocuments(db: Database): Adapter {
  const reach = { timeoutMs, isOutOfReach: isUnavailable }
  return {
    withShapes: (tx, work) => work(postgresShapes(tx)),
    open: (layout, validate) => reachable(new PostgresCollection(db, layout, validate), reach),
    async [Symbol.asyncDispose]() {},
  }
}
