import { createDatabase, type EmbeddedPostgres, startEmbeddedPostgres } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { DataDirectory } from './data-directory.ts'
import type { Secrets } from './secrets.ts'
import { type StoredService, storedServices } from './settings.ts'

export interface Stores {
  postgres: EmbeddedPostgres
  databaseUrls: Record<StoredService, string>
}

/** Starts PostgreSQL, with a database and a role of its own for each service. */
export async function startStores(
  { postgres: dataDirectory }: DataDirectory,
  secrets: Secrets,
  { log, stack }: { log: Logger; stack: AsyncDisposableStack },
): Promise<Stores> {
  const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory, log }))
  const passwords = storedServices.map((name) => [name, secrets.get(`database of ${name}`)] as const)
  await secrets.save()
  const urls = passwords.map(async ([name, password]) => [name, await ensureDatabase(name, password)])
  const { identity = '', sandbox = '' } = Object.fromEntries(await Promise.all(urls))
  return { postgres, databaseUrls: { identity, sandbox } }

  async function ensureDatabase(name: StoredService, password: string): Promise<string> {
    await createDatabase(postgres.url, { name, owner: name, password })
    return Object.assign(new URL(postgres.url), { username: name, password, pathname: name }).href
  }
}
