import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase } from '@sandkeep/postgres'
import { engines, freePort, openTcpProxy } from '@sandkeep/testkit'
import type { Edge } from '../faults.ts'
import type { ServicesOptions } from './services-protocol.ts'

export const engineKinds = ['postgres', 'mongodb', 's3', 'redis'] as const
export type EngineKind = (typeof engineKinds)[number]

/** An instructor's account that is there from the start. */
export const login = { login: 'proof@example.org', password: 'Correct-horse-9' }

/** Identity and sandbox, with an edge that can fail before each of their engines. */
export interface ServicesStage {
  origins: Record<'identity' | 'sandbox', string>
  edges: Record<EngineKind, Edge>
  isRunning(): boolean
  logFile: string
}

export async function setServicesStage(
  directory: string,
  stack: AsyncDisposableStack,
): Promise<ServicesStage> {
  const openEdge = async (kind: EngineKind): Promise<Edge> => {
    const engine = stack.use(await engines.start(kind))
    console.log(`  services on ${engine.origin}`)
    return { engine, proxy: stack.use(await openTcpProxy(engine.url)) }
  }
  const edges = {
    postgres: await openEdge('postgres'),
    mongodb: await openEdge('mongodb'),
    s3: await openEdge('s3'),
    redis: await openEdge('redis'),
  }
  const ports = { identity: await freePort(), sandbox: await freePort() }
  const origins = {
    identity: `http://127.0.0.1:${ports.identity}`,
    sandbox: `http://127.0.0.1:${ports.sandbox}`,
  }
  const logFile = join(directory, 'services.log')
  const options: ServicesOptions = {
    busUrl: `memory:${join(directory, 'letters')}`,
    ...(await environments({ edges, ports, origins, directory })),
  }
  const child = stack.adopt(await startProcess(options, logFile), async (it) => void it.kill('SIGKILL'))
  return {
    origins,
    edges,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    logFile,
  }
}

interface Surroundings extends Pick<ServicesStage, 'edges' | 'origins'> {
  ports: Record<'identity' | 'sandbox', number>
  directory: string
}

async function environments({ edges, ports, origins, directory }: Surroundings) {
  const { postgres, mongodb, s3, redis } = edges
  const secret = randomBytes(32).toString('base64url')
  const database = async (owner: string) => {
    const own = { name: owner, owner, password: 'proof' }
    await createDatabase(postgres.engine.url, own)
    const url = new URL(postgres.proxy.url)
    Object.assign(url, { username: owner, password: own.password, pathname: `/${owner}` })
    return url.href
  }
  const common = { BUS_URL: 'memory:', SERVICE_SECRET: secret, LOG_LEVEL: 'warn', OBJECTS_URL: s3.proxy.url }
  return {
    identity: {
      ...common,
      PORT: String(ports.identity),
      DATABASE_URL: await database('identity'),
      CACHE_URL: redis.proxy.url,
      MAIL_URL: `file:${join(directory, 'mail')}`,
      PUBLIC_URL: 'http://127.0.0.1:8080',
      KEY_ENCRYPTION_SECRET: secret,
      FIRST_ACCOUNTS: `instructor:${login.login}:${login.password}`,
    },
    sandbox: {
      ...common,
      PORT: String(ports.sandbox),
      DATABASE_URL: await database('sandbox'),
      // Not as a member of its set: that would tell the client its address, past the proxy.
      DOCUMENTS_URL: `${new URL('/sandbox', mongodb.proxy.url).href}?directConnection=true`,
      IDENTITY_URL: origins.identity,
      CURSOR_SECRET: secret,
      SANDBOX_PLACES_INSTRUCTOR: '100000',
    },
  }
}

async function startProcess(options: ServicesOptions, logFile: string): Promise<ChildProcess> {
  const log = openSync(logFile, 'a')
  const module = fileURLToPath(new URL('services-process.ts', import.meta.url))
  const child = fork(module, [JSON.stringify(options)], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
  })
  const ended = new AbortController()
  child.once('exit', () => ended.abort(new Error(`the services did not start: see ${logFile}`)))
  await once(child, 'message', { signal: ended.signal })
  return child
}
