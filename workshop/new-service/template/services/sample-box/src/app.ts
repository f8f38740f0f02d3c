import { type Bus, openBus, startConsumers, startRelay } from '@sandkeep/messaging'
import { migrate, openPostgres, sql } from '@sandkeep/postgres'
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
  const { log, metrics, stack, health } = host
  const databaseUrl = config.DATABASE_URL.reveal()
  await migrate(databaseUrl, migrations, log)
  const db = stack.use(
    await openPostgres({
      url: databaseUrl,
      max: config.DATABASE_MAX_CONNECTIONS,
      applicationName: name,
      log,
    }),
  )
  const bus = shared.bus ?? stack.use(await openBus(config.BUS_URL.reveal(), { log, name, metrics }))
  const prisma = stack.adopt(openPrisma(db), (it) => it.$disconnect())
  stack.use(startRelay({ db, bus, owner: name, log, metrics }))
  const consuming = stack.use(await startConsumers({ db, bus, consumers, log, metrics }))
  host.shutdown.on('stop-consuming', () => consuming[Symbol.asyncDispose]())
  if (!shared.bus) bus.resume()

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
  health.add('postgres', async () => ((await db.one(sql`select 1`)) ? 'up' : 'down'))
  health.add('bus', () => (consuming.attached() ? 'up' : 'degraded'))
  return { app }
}
