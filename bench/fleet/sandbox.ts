import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startService } from '../harness/start-service.ts'
import { type FleetOptions, type Identity, type Served, serviceProcess, serviceSecret } from './identity.ts'

/** Sandbox beside identity, on a database of its own; nobody runs out of places. */
export async function startSandbox(
  { engines, profile }: FleetOptions,
  identity: Identity,
  stack: AsyncDisposableStack,
): Promise<Served> {
  const databaseUrl = await engines.createDatabase('sandbox')
  const { directory } = engines
  const env = {
    DATABASE_URL: databaseUrl,
    BUS_URL: 'memory:',
    DOCUMENTS_URL: 'postgres:',
    OBJECTS_URL: `file:${join(directory, 'sandbox-objects')}`,
    IDENTITY_URL: identity.origin,
    SERVICE_SECRET: serviceSecret,
    CURSOR_SECRET: randomBytes(32).toString('base64url'),
    SANDBOX_PLACES_STUDENT: '100000',
  }
  return {
    databaseUrl,
    ...(await startService(
      'sandbox',
      { command: [serviceProcess, 'sandbox'], env, directory, profile },
      stack,
    )),
  }
}
