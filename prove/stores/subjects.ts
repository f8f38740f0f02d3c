import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrations } from '@sandkeep/documents'
import { createDatabase, migrate } from '@sandkeep/postgres'
import { type Engine, engines, openTcpProxy } from '@sandkeep/testkit'
import type { Edge } from './faults.ts'
import type { Port } from './store/proofs.ts'

/** An adapter on the engine that it is made for. */
export interface Subject {
  name: string
  port: Port
  /** Null where the writer itself is what can be killed. */
  engine: EngineUse | null
}

interface EngineUse {
  /** Not durable, it acknowledges what a kill can still take. */
  start(options: { durable?: boolean }): Promise<Engine>
  /** Whether the engine can be started so. */
  canForget: boolean
  /** How many connections the adapter may hold. */
  connections: number
  /** Makes room for a round; answers its URL, given that of the engine or of a proxy before it. */
  prepare(engineUrl: string, space: string): Promise<(url: string) => string>
  /** Whether the adapter also needs a database on an engine of its own. */
  needsDatabase?: boolean
}

const asItIs = async () => (url: string) => url

export const subjects: readonly [Subject, ...Subject[]] = [
  {
    name: 'documents-postgres',
    port: 'documents',
    engine: {
      start: (options) => engines.start('postgres', options),
      canForget: true,
      connections: 4,
      prepare: ownDatabase,
    },
  },
  {
    name: 'documents-mongodb',
    port: 'documents',
    engine: {
      start: (options) => engines.start('mongodb', options),
      canForget: true,
      connections: 106,
      prepare: async (_, space) => directTo(space),
      needsDatabase: true,
    },
  },
  { name: 'objects-file', port: 'objects', engine: null },
  {
    name: 'objects-s3',
    port: 'objects',
    engine: { start: () => engines.start('s3'), canForget: false, connections: 50, prepare: asItIs },
  },
  {
    name: 'cache-redis',
    port: 'cache',
    engine: {
      start: (options) => engines.start('redis', options),
      canForget: true,
      connections: 1,
      prepare: asItIs,
    },
  },
]

async function ownDatabase(engineUrl: string, space: string): Promise<(url: string) => string> {
  const own = { name: `proof_${space}`, owner: 'proof', password: 'proof' }
  await createDatabase(engineUrl, own)
  const at = (url: string) => {
    const address = new URL(url)
    Object.assign(address, { username: own.owner, password: own.password, pathname: `/${own.name}` })
    return address.href
  }
  await migrate(at(engineUrl), [migrations])
  return at
}

/** Not as a member of its set: that would tell the client its address, past the proxy. */
function directTo(database: string): (url: string) => string {
  return (url) => {
    const address = new URL(url)
    address.pathname = `/${database}`
    address.search = '?directConnection=true'
    return address.href
  }
}

/** A subject's engine, gone with the stack. */
export interface Stage {
  /** Null where there is no engine. */
  edge: Edge | null
  /** Where a round has its store: as the writer reaches it, and past all faults. */
  prepare(space: string): Promise<{ url: string; directUrl: string; databaseUrl?: string }>
}

export async function setStage(
  { name, engine: use }: Subject,
  { directory, stack, durable = true }: { directory: string; stack: AsyncDisposableStack; durable?: boolean },
): Promise<Stage> {
  if (use === null) {
    const url = pathToFileURL(await mkdtemp(join(directory, 'objects-'))).href
    return { edge: null, prepare: async () => ({ url, directUrl: url }) }
  }
  const engine = stack.use(await use.start(durable ? {} : { durable }))
  const proxy = stack.use(await openTcpProxy(engine.url))
  const database = use.needsDatabase ? stack.use(await engines.start('postgres')) : null
  console.log(`  ${name} on ${engine.origin}`)
  return {
    edge: { engine, proxy },
    async prepare(space) {
      const at = await use.prepare(engine.url, space)
      const urls = { url: at(proxy.url), directUrl: at(engine.url) }
      return database === null
        ? urls
        : { ...urls, databaseUrl: (await ownDatabase(database.url, space))(database.url) }
    },
  }
}
