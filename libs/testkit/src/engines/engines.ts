import { type Engine, EngineError } from './engine.ts'
import { influxdb } from './kinds/influxdb.ts'
import { mongodb } from './kinds/mongodb.ts'
import { opensearch } from './kinds/opensearch.ts'
import { type PostgresVersion, postgres } from './kinds/postgres.ts'
import { type BrokerVersion, rabbitmq, rabbitmqctl } from './kinds/rabbitmq.ts'
import { redis } from './kinds/redis.ts'
import { s3 } from './kinds/s3.ts'
import type { Durability, Recipe } from './recipe.ts'
import { givenEngine } from './sources/given.ts'
import { startAnywhere } from './start-anywhere.ts'
import type { EngineOptions } from './start-engine.ts'

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
  influxdb: Engine
  opensearch: Engine
}

interface Versions {
  postgres: PostgresVersion
  rabbitmq: BrokerVersion
}

type StartOptions<K extends keyof Kinds> = EngineOptions & {
  /** PostgreSQL 18 and RabbitMQ 3.10 unless given. */
  version?: K extends keyof Versions ? Versions[K] : never
} & (K extends 'postgres' | 'redis' | 'mongodb' ? Durability : object)

export const engines = {
  /**
   * Starts an engine of one's own: in a container where Docker answers and `SANDKEEP_TEST_DOCKER` is not `off`, else
   * from what this machine has or from packages and sources that are fetched once and kept in the user's cache folder. `SANDKEEP_TEST_POSTGRES_URL`, `_RABBITMQ_URL`, … name engines to use
   * instead, for what needs no kill. Throws an `EngineError` where it cannot be had. Says on stderr, once in a
   * process, which it took.
   */
  async start<K extends keyof Kinds>(kind: K, options: StartOptions<K> = {}): Promise<Kinds[K]> {
    const engine = await starters[kind](options)
    if (!told.has(engine.origin)) process.stderr.write(`engine: ${engine.origin}\n`)
    told.add(engine.origin)
    return engine
  },
}

const told = new Set<string>()

const starters: { [K in keyof Kinds]: (options: StartOptions<K>) => Promise<Kinds[K]> } = {
  postgres: ({ version = '18', durable, ...options }) => start(postgres(version, { durable }), options),
  redis: ({ durable, ...options }) => start(redis({ durable }), options),
  mongodb: ({ durable, ...options }) => start(mongodb({ durable }), options),
  s3: (options) => start(s3, options),
  influxdb: (options) => start(influxdb, options),
  opensearch: (options) => start(opensearch, options),
  rabbitmq: async ({ version = '3.10', ...options }) =>
    givenBroker() ?? (await startBroker(version, options)),
}

const start = async (recipe: Recipe, options: EngineOptions): Promise<Engine> =>
  givenEngine(recipe.kind) ?? (await startAnywhere(recipe, options))

function givenBroker(): Broker | undefined {
  const engine = givenEngine('rabbitmq')
  return (
    engine && {
      ...engine,
      ctl: () => Promise.reject(new EngineError(`a broker that is given is not administered`)),
    }
  )
}

async function startBroker(version: BrokerVersion, options: EngineOptions): Promise<Broker> {
  const engine = await startAnywhere(rabbitmq(version), options)
  return { ...engine, ctl: (...args) => rabbitmqctl(engine, args) }
}
