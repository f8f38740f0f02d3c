import { fileURLToPath } from 'node:url'
import { startService } from '../harness/start-service.ts'
import type { Target } from '../harness/target.ts'
import { type FleetOptions, type Identity, serviceSecret } from './identity.ts'

const main = fileURLToPath(new URL('../../services/gateway/src/main.ts', import.meta.url))
const unlimited = '10000000'

/** The gateway before identity, counting requests but refusing none. */
export function startGateway(
  { engines: { directory }, profile }: FleetOptions,
  identity: Identity,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const env = {
    CACHE_URL: 'memory:',
    IDENTITY_URL: identity.origin,
    // Nothing is asked of it here.
    SANDBOX_URL: identity.origin,
    SERVICE_SECRET: serviceSecret,
    LIMIT_READS_PER_ACCOUNT: unlimited,
    LIMIT_REQUESTS_PER_ADDRESS: unlimited,
  }
  return startService('gateway', { command: [main], env, directory, profile }, stack)
}
