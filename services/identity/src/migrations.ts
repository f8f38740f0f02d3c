import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '@sandkeep/postgres'

/** Identity's own tables; those of the libs come with the libs. */
export const ownMigrations: MigrationSource = {
  schema: 'public',
  directory: fileURLToPath(new URL('../prisma/migrations', import.meta.url)),
}
