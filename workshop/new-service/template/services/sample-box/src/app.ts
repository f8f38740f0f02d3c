import { type Bus, joinBus, openFoundation } from '@sandkeep/messaging'
import { createApp, createTokenVerifier, type Host, type Service } from '@sandkeep/service-kit'
import { authorization } from './authorization.ts'
import type { Config } from './config.ts'
import { consumers } from './consumers.ts'
import { migrations } from './migrations.ts'
import { openPrisma } from './prisma.ts'
import { routes } from './routes.ts'

const name = 'sample-box'

/** Builds the service. Services of one process share the bus that is handed in; otherwise it opens its own. */
export async function build(config: Config, host: Host, shared: { bus?: Bus } = {}): Promise<Service> {
  const { db, bus } = await openFoundation({ name, config, host, migrations, bus: shared.bus })
  const prisma = host.stack.adopt(openPrisma(db), (it) => it.$disconnect())
  await joinBus({ name, host, db, bus, consumers })

  const app = await createApp({
    name,
    host,
    config,
    authorization,
    verifier: createTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      jwksUrl: new URL('/.well-known/jwks.json', config.IDENTITY_URL).href,
    }),
  })
  routes(app, { db, prisma })
  return { app }
}
