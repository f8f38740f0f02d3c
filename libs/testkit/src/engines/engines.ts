import type { Release } from './debian-root.ts'
import { type Engine, EngineError } from './engine.ts'
import { startFromRoot } from './from-root.ts'
import { givenEngine } from './given.ts'
import { startPostgres } from './postgres.ts'
import { rabbitmq, rabbitmqctl } from './rabbitmq.ts'
import { redis } from './redis.ts'

/** The versions of RabbitMQ that the bus is held to. */
export const brokerVersions = ['3.10', '4.0'] as const
export type BrokerVersion = (typeof brokerVersions)[number]
const releaseOf: Record<BrokerVersion, Release> = { '3.10': 'bookworm', '4.0': 'trixie' }

export interface Broker extends Engine {
  /** Runs `rabbitmqctl` with these arguments and answers what it printed. */
  ctl(...args: string[]): Promise<string>
}

interface Kinds {
  postgres: Engine
  rabbitmq: Broker
  redis: Engine
}

interface StartOptions {
  /** Of RabbitMQ; the older one unless given. */
  version?: BrokerVersion
}

export const engines = {
  /**
   * Starts an engine of one's own: PostgreSQL from npm, RabbitMQ and Redis from Debian's packages, which are
   * fetched once and kept in the user's cache folder. `SANDKEEP_TEST_POSTGRES_URL`, `_REDIS_URL` and `_RABBITMQ_URL`
   * name engines to use instead, for what needs no kill. Throws an `EngineError` where it cannot be had.
   */
  start<K extends keyof Kinds>(kind: K, options: StartOptions = {}): Promise<Kinds[K]> {
    return starters[kind](options)
  },
}

const starters: { [K in keyof Kinds]: (options: StartOptions) => Promise<Kinds[K]> } = {
  postgres: async () => given('POSTGRES') ?? (await startPostgres()),
  redis: async () => given('REDIS') ?? (await startRedis()),
  rabbitmq: async ({ version = '3.10' }) => givenBroker() ?? (await startBroker(version)),
}

function given(kind: string): Engine | undefined {
  const variable = `SANDKEEP_TEST_${kind}_URL`
  const url = process.env[variable]
  return url ? givenEngine(variable, url) : undefined
}

function givenBroker(): Broker | undefined {
  const engine = given('RABBITMQ')
  return (
    engine && {
      ...engine,
      ctl: () => Promise.reject(new EngineError(`a broker that is given is not administered`)),
    }
  )
}

const startRedis = (): Promise<Engine> =>
  startFromRoot({
    name: 'Redis',
    release: 'bookworm',
    prepare: async (_place, port) => redis(port),
    url: (port) => `redis://127.0.0.1:${port}`,
  })

async function startBroker(version: BrokerVersion): Promise<Broker> {
  const engine = await startFromRoot({
    name: `RabbitMQ ${version}`,
    release: releaseOf[version],
    prepare: rabbitmq,
    url: (port) => `amqp://guest:guest@127.0.0.1:${port}`,
  })
  return { ...engine, ctl: (...args) => rabbitmqctl(engine.place, engine.env, args) }
}
