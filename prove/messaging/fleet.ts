import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { migrations } from '@sandkeep/messaging'
import { createDatabase, type Database, migrate, openPostgres, sql } from '@sandkeep/postgres'
import { type Broker, type Engine, freePort, openTcpProxy, type TcpProxy } from '@sandkeep/testkit'
import { createEffects } from './effects.ts'
import { environment } from './environment.ts'
import { createMember, type Member } from './member.ts'
import { openPeople, type People } from './people.ts'
import type { ProcessOptions } from './process-protocol.ts'

/** A process with the edges between it and the engines. */
export interface Station extends Member {
  toDatabase: TcpProxy
  /** Absent on the memory bus. */
  toBus?: TcpProxy
}

/** Services as they are in production, each a process of its own, or on the memory bus all in one. */
export interface Fleet {
  postgres: Engine
  broker: Broker | null
  stations: Station[]
  /** First part of the names of the queues whose effects are counted. */
  consumer: string
  origins: Record<'identity' | 'sandbox', string>
  /** Past the proxies. */
  databases: Record<'identity' | 'sandbox' | 'effects', Database>
  /** Where the prover finds the bus; its dead letters too. */
  busUrl: string
  people: People
  /** Ids of poison that the bus took. */
  published: Set<string>
  /** Age of the oldest event that the bus has not confirmed; 0 when there is none. */
  oldestPendingSeconds(): Promise<number>
}

export interface FleetOptions {
  postgres: Engine
  broker: Broker | null
  /** For logs, objects and letters. */
  directory: string
  /** Lower-case letters that tell this fleet from all others. */
  name: string
}

const password = 'proof'
const owners = ['identity', 'sandbox', 'effects'] as const
type Owner = (typeof owners)[number]

/** A fleet on databases of its own, with people in it who may write. */
export async function openFleet(options: FleetOptions, stack: AsyncDisposableStack): Promise<Fleet> {
  const { postgres, broker, directory, name } = options
  const urls = await createDatabases(options)
  await migrate(urls.effects, [migrations])
  const open = async (owner: Owner) =>
    stack.use(await openPostgres({ url: urls[owner], max: 4, applicationName: 'prover' }))
  const databases = {
    identity: await open('identity'),
    sandbox: await open('sandbox'),
    effects: await open('effects'),
  }
  await createEffects(databases.effects)
  const ports = { identity: await freePort(), sandbox: await freePort() }
  const busUrl = broker?.url ?? `memory:${join(directory, `${name}-letters`)}`
  const secrets = { identity: newSecret(), services: newSecret() }
  const published = new Set<string>()
  const consumer = `proof-${name}`

  const openStation = async (parts: readonly Owner[]): Promise<Station> => {
    const toDatabase = stack.use(await openTcpProxy(postgres.url))
    const toBus = broker ? stack.use(await openTcpProxy(broker.url)) : undefined
    const through = (owner: Owner) => viaPort(urls[owner], toDatabase.url)
    const env = environment({ directory, name, ports, secrets, busUrl: toBus?.url ?? busUrl, through })
    const member = createMember({
      options: {
        name: parts.length > 1 ? 'fleet' : (parts[0] ?? ''),
        busUrl: toBus?.url ?? busUrl,
        services: {
          ...(parts.includes('identity') && { identity: env.identity }),
          ...(parts.includes('sandbox') && { sandbox: env.sandbox }),
        },
        ...(parts.includes('effects') && { effects: { databaseUrl: through('effects'), consumer } }),
      } satisfies ProcessOptions,
      logFile: join(directory, `${name}.log`),
      onPublished: (id) => void published.add(id),
    })
    return { ...stack.use(member), toDatabase, ...(toBus && { toBus }) }
  }

  const stations: Station[] = []
  for (const parts of broker ? owners.map((owner) => [owner]) : [owners]) {
    const station = await openStation(parts)
    await station.start()
    stations.push(station)
  }
  const people = await openPeople(databases.identity, { secret: secrets.identity })
  const origins = {
    identity: `http://127.0.0.1:${ports.identity}`,
    sandbox: `http://127.0.0.1:${ports.sandbox}`,
  }
  const oldestPendingSeconds = async () =>
    Math.max(await oldestIn(databases.identity), await oldestIn(databases.sandbox))
  return {
    postgres,
    broker,
    stations,
    consumer,
    origins,
    databases,
    busUrl,
    people,
    published,
    oldestPendingSeconds,
  }
}

async function oldestIn(db: Database): Promise<number> {
  const row = await db.one<{ seconds: number }>(sql`
    select coalesce(extract(epoch from now() - min(occurred_at)), 0)::float8 as seconds from messaging.outbox`)
  return row?.seconds ?? 0
}

const newSecret = () => randomBytes(32).toString('base64url')

async function createDatabases({ postgres, name }: FleetOptions): Promise<Record<Owner, string>> {
  const create = async (owner: Owner) => {
    const database = `${name}_${owner}`
    await createDatabase(postgres.url, { name: database, owner: database, password })
    const url = new URL(postgres.url)
    Object.assign(url, { username: database, password, pathname: `/${database}` })
    return url.href
  }
  return {
    identity: await create('identity'),
    sandbox: await create('sandbox'),
    effects: await create('effects'),
  }
}

function viaPort(url: string, proxyUrl: string): string {
  const through = new URL(url)
  through.port = new URL(proxyUrl).port
  return through.href
}
