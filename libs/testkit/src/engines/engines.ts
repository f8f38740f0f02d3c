import { type Engine, EngineError } from './engine.ts'
import { mongodb } from './kinds/mongodb.ts'
import { startPostgres } from './kinds/postgres.ts'
import { rabbitmq, rabbitmqctl } from './kinds/rabbitmq.ts'
import { redis } from './kinds/redis.ts'
import { s3 } from './kinds/s3.ts'
import type { Recipe } from './recipe.ts'
import type { Release } from './sources/debian-root.ts'
import { givenEngine } from './sources/given.ts'
import { startEngine } from './start-engine.ts'

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
  mongodb: Engine
  s3: Engine
}

interface StartOptions {
  /** Of RabbitMQ; the older one unless given. */
  version?: BrokerVersion
}

export const engines = {
  /**
   * Starts an engine of one's own, from what this machine has or from packages and sources that are fetched once
   * and kept in the user's cache folder. `SANDKEEP_TEST_POSTGRES_URL`, `_RABBITMQ_URL`, … name engines to use
   * instead, for what needs no kill. Throws an `EngineError` where it cannot be had.
   */
  start<K extends keyof Kinds>(kind: K, options: StartOptions = {}): Promise<Kinds[K]> {
    return starters[kind](options)
  },
}

const starters: { [K in keyof Kinds]: (options: StartOptions) => Promise<Kinds[K]> } = {
  postgres: async () => givenEngine('postgres') ?? (await startPostgres()),
  redis: () => start(redis),
  mongodb: () => start(mongodb),
  s3: () => start(s3),
  rabbitmq: async ({ version = '3.10' }) => givenBroker() ?? (await startBroker(version)),
}

const start = async (recipe: Recipe): Promise<Engine> =>
  givenEngine(recipe.kind) ?? (await startEngine(recipe))

function givenBroker(): Broker | undefined {
  const engine = givenEngine('rabbitmq')
  return (
    engine && {
      ...engine,
      ctl: () => Promise.reject(new EngineError(`a broker that is given is not administered`)),
    }
  )
}

async function startBroker(version: BrokerVersion): Promise<Broker> {
  const engine = await startEngine(rabbitmq(releaseOf[version]))
  return { ...engine, ctl: (...args) => rabbitmqctl(engine, args) }
}
