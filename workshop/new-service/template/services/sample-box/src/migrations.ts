import { migrations as messaging } from '@sandkeep/messaging'
import type { MigrationSource } from '@sandkeep/postgres'
import { migrations as http } from '@sandkeep/service-kit'

/** Everything the service's database holds: the tables of the libs, each in a schema of its own, and its own. */
export const migrations: MigrationSource[] = [
  http,
  messaging,
  { schema: 'public', directory: `${import.meta.dirname}/../prisma/migrations` },
]
