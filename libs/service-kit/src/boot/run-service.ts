import type { Logger } from 'pino'
import type { z } from 'zod'
import { httpEnv } from '../config/fragments.ts'
import { ConfigError, readConfig } from '../config/read-config.ts'
import type { App } from '../http/app.ts'
import { createLogger } from '../log/create-logger.ts'
import { createHost, type Host } from './host.ts'

/** What a service is once it is built: an app that is not listening yet. */
export interface Service {
  app: App
}

export type Build<C, S extends Service = Service> = (config: C, host: Host) => Promise<S>

/** Runs one service in a process of its own: reads the environment, builds, listens, and ends in order on a signal. */
export async function runService<S extends z.ZodObject>(service: {
  name: string
  config: S
  build: Build<z.infer<S>>
}): Promise<void> {
  const config = configOrExit(service.config, process.env)
  const { HOST, PORT, LOG_LEVEL, SHUTDOWN_PHASE_MS } = httpEnv.parse(config)
  const log = createLogger({ name: service.name, level: LOG_LEVEL })
  const host = createHost({ log, phaseMs: SHUTDOWN_PHASE_MS, measuresProcess: true })
  endOnSignals(host)
  try {
    const { app } = await service.build(config, host)
    const address = await listen(app, host, { host: HOST, port: PORT })
    log.info({ address }, 'service listening')
  } catch (error) {
    log.fatal({ err: error }, 'service did not start')
    process.exitCode = 1
    await host.shutdown.run()
  }
}

/** Makes a built service answer on an address, and stop answering when its shutdown says so. Answers the base URL. */
export async function listen(
  app: Service['app'],
  host: Host,
  address: { host: string; port: number },
): Promise<string> {
  host.shutdown.on('stop-accepting', () => app.close())
  const url = await app.listen(address)
  host.health.started()
  return url
}

function configOrExit<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  try {
    return readConfig(schema, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(78)
  }
}

/** The first signal ends in order, the second at once; what nobody caught ends in order too, with exit code 1. */
function endOnSignals({ log, shutdown }: Host): void {
  let ending = false
  const end = (reason: string) => {
    if (ending) process.exit(process.exitCode ?? 1)
    ending = true
    log.info({ reason }, 'service stopping')
    void shutdown.run().then(() => exitWhenFlushed(log))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  const crash = (error: unknown) => {
    process.exitCode = 1
    log.fatal({ err: error }, 'unexpected error')
    end('crash')
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
}

function exitWhenFlushed(log: Logger): void {
  log.flush(() => process.exit())
}
