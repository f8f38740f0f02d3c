import { mkdir, readFile, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type Log, silentLog } from '../log.ts'
import { serverAccount } from './account.ts'
import { findBinaries, useBinaries } from './binaries.ts'
import { createCluster, superuser } from './cluster.ts'
import { lockData } from './data-lock.ts'
import { clusterMajor, type Layout, layoutOf } from './layout.ts'
import { stopLeftover, stopProcess } from './leftover.ts'
import { type ServerOptions, StartError, startServer } from './server.ts'

export interface EmbeddedPostgresOptions {
  /** Holds everything of the server: the cluster, its log, its password. Made when missing. */
  dataDirectory: string
  /** A free one unless given. */
  port?: number
  /** The `bin` folder of a PostgreSQL installation; else one is looked for. */
  binDirectory?: string
  /** false for throw-away data: survives a killed process, not a power cut. */
  durable?: boolean
  log?: Log
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Of the superuser, at the database `postgres`. */
  url: string
  pid: number
  /** The server's major version, which the data directory keeps for good. */
  major: number
}

const startAttempts = 5

/**
 * Starts a PostgreSQL server of this process' own over the data directory, on 127.0.0.1 only; disposing
 * stops it. Refuses by name a directory that another process uses or another major version made; a
 * server that a killed process left behind is stopped first. As root, the server runs as `postgres`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = silentLog, durable = true } = options
  await mkdir(options.dataDirectory, { recursive: true })
  const dataDirectory = await realpath(options.dataDirectory)
  const layout = layoutOf(dataDirectory)
  await using started = new AsyncDisposableStack()
  started.use(await lockData(dataDirectory))
  await stopLeftover(layout, log)

  const dataMajor = await clusterMajor(layout)
  const binaries = await (options.binDirectory === undefined
    ? findBinaries(dataMajor)
    : useBinaries(options.binDirectory, dataMajor))
  const account = await serverAccount(layout.cluster)
  if (dataMajor === undefined) await createCluster(layout, binaries, { account, durable })

  const { port, pid } = await startOnPort(layout, { binaries, account, durable }, options.port)
  started.defer(() => stopProcess(pid))
  const password = await readFile(layout.password, 'utf8')
  log.info({ pid, port, major: binaries.major, binaries: binaries.directory }, 'embedded PostgreSQL started')
  const running = started.move()
  return {
    url: `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`,
    pid,
    major: binaries.major,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Somebody may take a free port before the server does. */
async function startOnPort(layout: Layout, options: Omit<ServerOptions, 'port'>, wanted: number | undefined) {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort())
    try {
      const { pid } = await startServer(layout, { ...options, port })
      if (pid !== undefined) return { port, pid }
    } catch (error) {
      if (wanted !== undefined || attempt === startAttempts || !(error instanceof StartError)) throw error
    }
  }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
