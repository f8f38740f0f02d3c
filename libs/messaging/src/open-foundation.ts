import { type Database, type MigrationSource, migrate, openPostgres, sql } from '@sandkeep/postgres'
import { ConfigError, type Host, measurePool, type Secret } from '@sandkeep/service-kit'
import type { Bus } from './bus.ts'
import { openBus } from './open-bus.ts'

export interface FoundationOptions {
  /** The service's name: shown by the engines. */
  name: string
  config: { DATABASE_URL: Secret; DATABASE_MAX_CONNECTIONS: number; BUS_URL: Secret }
  host: Host
  migrations: MigrationSource[]
  /** Services of one process share it; without it the service opens its own. */
  bus?: Bus | undefined
}

/**
 * What every service stands on: its database, migrated, measured and watched, and the event bus. Both are closed with
 * the host. Throws `ConfigError` for a bus of its own that nobody else could hear.
 */
export async function openFoundation(options: FoundationOptions): Promise<{ db: Database; bus: Bus }> {
  const { name, config, host } = options
  const { log, metrics, stack, health } = host
  const busUrl = config.BUS_URL.reveal()
  if (!options.bus && busUrl.startsWith('memory:')) throw new ConfigError(unheard)
  const url = config.DATABASE_URL.reveal()
  await migrate(url, options.migrations, log)
  const max = config.DATABASE_MAX_CONNECTIONS
  const db = stack.use(await openPostgres({ url, max, applicationName: name, log }))
  measurePool(metrics, db.stats)
  health.add('postgres', async () => ((await db.one(sql`select 1`)) ? 'up' : 'down'))
  const bus = options.bus ?? stack.use(await openBus(busUrl, { log, name, metrics }))
  return { db, bus }
}

const unheard = `the configuration is wrong:
  BUS_URL is memory:, which no other process can hear: the events of this service would reach nobody. Give it \
amqp(s)://user:password@host/vhost, or run all services in one process with npm start`
