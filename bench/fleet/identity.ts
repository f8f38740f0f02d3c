import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Engines } from '../harness/engines.ts'
import { startService } from '../harness/start-service.ts'
import type { Target } from '../harness/target.ts'

/** A service that has a database. */
export interface Served extends Target {
  databaseUrl: string
}
export type Identity = Served

export interface FleetOptions {
  engines: Engines
  profile: boolean
}

export const serviceProcess = join(import.meta.dirname, 'service-process.ts')

/** The secret that services of one bench share. */
export const serviceSecret = randomBytes(32).toString('base64url')
/** Seals what identity keeps; a bench mints tokens with it. */
export const identitySecret = randomBytes(32).toString('base64url')

/** Identity on a database of its own, migrated and empty. */
export async function startIdentity(
  { engines, profile }: FleetOptions,
  stack: AsyncDisposableStack,
  database = 'identity',
): Promise<Identity> {
  const databaseUrl = await engines.createDatabase(database)
  const { directory } = engines
  const env = {
    DATABASE_URL: databaseUrl,
    BUS_URL: 'memory:',
    CACHE_URL: 'memory:',
    OBJECTS_URL: `file:${join(directory, 'objects')}`,
    MAIL_URL: `file:${join(directory, 'mail')}`,
    PUBLIC_URL: 'http://127.0.0.1:8080',
    SERVICE_SECRET: serviceSecret,
    KEY_ENCRYPTION_SECRET: identitySecret,
  }
  return {
    databaseUrl,
    ...(await startService(
      'identity',
      { command: [serviceProcess, 'identity'], env, directory, profile },
      stack,
    )),
  }
}
