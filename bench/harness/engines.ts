import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase, type Database, openPostgres, startEmbeddedPostgres } from '@sandkeep/postgres'

/** Where benches keep what they make, and leave profiles. */
export const benchDirectory = fileURLToPath(new URL('../../data/bench', import.meta.url))

export interface Engines {
  /** For logs, objects and mail; gone with the engines. */
  directory: string
  /** Makes a database and answers its owner's URL. */
  createDatabase(name: string): Promise<string>
}

const password = 'bench'
const seedingTimeoutMs = 900_000

/** A durable PostgreSQL of the bench's own, as `npm start` has one. */
export async function startEngines(name: string, stack: AsyncDisposableStack): Promise<Engines> {
  await mkdir(benchDirectory, { recursive: true })
  const directory = await mkdtemp(join(benchDirectory, `${name}-`))
  stack.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }))
  const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory: join(directory, 'postgres') }))
  return {
    directory,
    async createDatabase(database) {
      await createDatabase(postgres.url, { name: database, owner: database, password })
      const url = new URL(postgres.url)
      url.username = database
      url.password = password
      url.pathname = `/${database}`
      return url.href
    },
  }
}

/** A connection for seeding and looking, not for measuring. */
export const openSeeding = (url: string): Promise<Database> =>
  openPostgres({ url, applicationName: 'bench', max: 2, statementTimeoutMs: seedingTimeoutMs })
