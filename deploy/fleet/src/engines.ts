import { pathToFileURL } from 'node:url'
import {
  type DataDirectory,
  type Settings,
  StartRefusedError,
  type StoredService,
} from '@sandkeep/embedded/parts'
import { type Broker, type BrokerVersion, type Engine, engines as kinds } from '@sandkeep/testkit'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { addBrokerUsers, addDatabase } from './tenants.ts'

/** The engines that were started for a fleet. One that was given is not among them. */
export interface FleetEngines {
  identityDatabase: Engine | undefined
  sandboxDatabase: Engine | undefined
  broker: Broker | undefined
  cache: Engine | undefined
  documents: Engine | undefined
  objects: Engine | undefined
}

export interface EngineOptions {
  config: Config
  broker: BrokerVersion
  directory: DataDirectory
  passwords: Record<StoredService, string>
  log: Logger
  /** Ends the engines. */
  stack: AsyncDisposableStack
}

/** Starts the engines that are not given, all at once, and answers where each service finds its own. */
export async function startEngines(
  options: EngineOptions,
): Promise<{ engines: FleetEngines; urls: Settings }> {
  const { config, passwords } = options
  requireOneBroker(config)
  const start = async <E extends Engine>(isGiven: unknown, starting: () => Promise<E>) => {
    if (isGiven) return undefined
    const engine = options.stack.use(await starting())
    options.log.info({ origin: engine.origin }, 'engine started')
    return engine
  }
  const engines: FleetEngines = await allOf({
    identityDatabase: start(config.IDENTITY_DATABASE_URL, () => kinds.start('postgres')),
    sandboxDatabase: start(config.SANDBOX_DATABASE_URL, () => kinds.start('postgres')),
    broker: start(config.IDENTITY_BUS_URL, () => kinds.start('rabbitmq', { version: options.broker })),
    cache: start(config.CACHE_URL, () => kinds.start('redis')),
    documents: start(config.SANDBOX_DOCUMENTS_URL, () => kinds.start('mongodb')),
    objects: start(config.IDENTITY_OBJECTS_URL && config.SANDBOX_OBJECTS_URL, () => kinds.start('s3')),
  })
  const own = await allOf({
    identity:
      engines.identityDatabase && addDatabase(engines.identityDatabase.url, 'identity', passwords.identity),
    sandbox:
      engines.sandboxDatabase && addDatabase(engines.sandboxDatabase.url, 'sandbox', passwords.sandbox),
    users: engines.broker && addBrokerUsers(engines.broker, passwords),
  })
  return { engines, urls: urlsOf(options, engines, own) }
}

interface Tenancies {
  identity: string | undefined
  sandbox: string | undefined
  users: Record<StoredService, string> | undefined
}

function urlsOf({ config, directory }: EngineOptions, engines: FleetEngines, own: Tenancies): Settings {
  const cache = { CACHE_URL: config.CACHE_URL ?? engines.cache?.url ?? '' }
  const within = (engine: Engine | undefined, name: StoredService) =>
    engine ? Object.assign(new URL(engine.url), { pathname: `/${name}` }).href : ''
  return {
    identity: {
      ...cache,
      DATABASE_URL: config.IDENTITY_DATABASE_URL ?? own.identity ?? '',
      BUS_URL: config.IDENTITY_BUS_URL ?? own.users?.identity ?? '',
      OBJECTS_URL: config.IDENTITY_OBJECTS_URL ?? within(engines.objects, 'identity'),
      MAIL_URL: config.MAIL_URL ?? pathToFileURL(directory.mail).href,
    },
    sandbox: {
      DATABASE_URL: config.SANDBOX_DATABASE_URL ?? own.sandbox ?? '',
      BUS_URL: config.SANDBOX_BUS_URL ?? own.users?.sandbox ?? '',
      DOCUMENTS_URL: config.SANDBOX_DOCUMENTS_URL ?? within(engines.documents, 'sandbox'),
      OBJECTS_URL: config.SANDBOX_OBJECTS_URL ?? within(engines.objects, 'sandbox'),
    },
    gateway: cache,
  }
}

function requireOneBroker({ IDENTITY_BUS_URL, SANDBOX_BUS_URL }: Config): void {
  if (Boolean(IDENTITY_BUS_URL) === Boolean(SANDBOX_BUS_URL)) return
  throw new StartRefusedError(
    'Only one of IDENTITY_BUS_URL and SANDBOX_BUS_URL is set, and services on two brokers do not hear each other. Set both or neither.',
  )
}

/** Waits for all, also when one fails: what came up by then must be known, so that it can be ended. */
async function allOf<T extends Record<string, unknown>>(work: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(Object.values(work))
  const entries = Object.entries(work).map(async ([name, value]) => [name, await value])
  return Object.fromEntries(await Promise.all(entries))
}
