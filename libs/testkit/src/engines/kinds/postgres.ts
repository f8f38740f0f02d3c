import { rm } from 'node:fs/promises'
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  shippedBinDirectory,
  startEmbeddedPostgres,
} from '@sandkeep/postgres'
import { freePort } from '../../free-port.ts'
import { endWithThisProcess, signalIfRunning } from '../../processes.ts'
import { makeTempDirectory } from '../../temp-directory.ts'
import { type Engine, EngineError } from '../engine.ts'
import { childrenOf } from '../namespace.ts'

/** PostgreSQL from the npm registry, durable: what it acknowledged survives a kill. */
export async function startPostgres(): Promise<Engine> {
  const binDirectory = shippedBinDirectory()
  if (binDirectory === undefined)
    throw new EngineError(`npm has no PostgreSQL for ${process.platform} ${process.arch}`)
  const dataDirectory = await makeTempDirectory()
  const port = await freePort()
  const start = () => startGuarded({ dataDirectory, binDirectory, port })
  const first = await start()
  let running: EmbeddedPostgres | null = first

  const signal = async (it: NodeJS.Signals) => {
    if (running === null) return
    for (const pid of [running.pid, ...(await childrenOf(running.pid))]) signalIfRunning(pid, it)
  }
  const stop = async () => {
    await running?.[Symbol.asyncDispose]()
    running = null
  }
  const kill = async () => {
    await signal('SIGKILL')
    await stop()
  }

  return {
    url: first.url,
    origin: `PostgreSQL ${first.major} from npm`,
    stop,
    kill,
    async restart() {
      await kill()
      running = await start()
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function startGuarded(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startEmbeddedPostgres(options))
  stack.use(endWithThisProcess({ pid: server.pid, signal: 'SIGKILL', directory: options.dataDirectory }))
  const running = stack.move()
  return { ...server, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
