export { createDatabase, type NewDatabase } from './create-database.ts'
export type { Database, PoolStats, Tx } from './database.ts'
export { deleteInBatches } from './delete-in-batches.ts'
export { shippedBinDirectory } from './embedded/binaries.ts'
export { clusterArguments } from './embedded/cluster.ts'
export { serverSettings } from './embedded/settings.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start.ts'
export {
  isCheckViolation,
  isConnectionLost,
  isForeignKeyViolation,
  isNotNullViolation,
  isUnavailable,
  isUniqueViolation,
} from './errors.ts'
export { newId } from './id.ts'
export type { Log } from './log.ts'
export { type MigrationSource, migrate } from './migrate/migrate.ts'
export { type Migration, readMigrations } from './migrate/migration-files.ts'
export { openPostgres, type PostgresOptions } from './open-postgres.ts'
export { prismaAdapter } from './prisma-adapter.ts'
export { type Query, sql } from './sql.ts'
