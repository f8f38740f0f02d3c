import type { z } from 'zod'
import type { HttpConfig } from '../config/fragments.ts'
import { ConfigError, readConfig } from '../config/read-config.ts'
import type { App } from '../http/app.ts'
import { createLogger } from '../log/create-logger.ts'
import { createHost, type Host } from './host.ts'
import { widenThreadPool } from './thread-pool.ts'

/** What a service is once it is built: an app that is not listening yet. */
export interface Service {
  app: App
}

export type Build<C, S extends Service = Service> = (config: C, host: Host) => Promise<S>

const wrongConfig = 78

type ServiceConfig = z.ZodObject & z.ZodType<HttpConfig>

/**
 * Runs one service in a process of its own: reads the environment, builds, listens, and ends in order on a signal.
 * Exit codes: 0 after a signal, 1 when it did not start or broke, 78 when the configuration is wrong.
 */
export async function runService<S extends ServiceConfig>(service: {
  name: string
  config: S
  build: Build<z.infer<S>>
}): Promise<void> {
  widenThreadPool()
  const config = configOrExit(service.config, process.env)
  const http: HttpConfig = config
  const log = createLogger({ name: service.name, level: http.LOG_LEVEL })
  const host = createHost({ log, phaseMs: http.SHUTDOWN_PHASE_MS, measuresProcess: true })
  const end = endOnSignals(host)
  try {
    const { app } = await service.build(config, host)
    const address = await listen(app, host, { host: http.HOST, port: http.PORT })
    log.info({ address }, 'service listening')
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`)
    else log.fatal({ err: error }, 'service did not start')
    process.exitCode = error instanceof ConfigError ? wrongConfig : 1
    end('it did not start')
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

function configOrExit<S extends ServiceConfig>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  try {
    return readConfig(schema, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(wrongConfig)
  }
}

/**
 * The first signal ends in order, the second at once. What nobody caught ends in order too, with exit code 1; once the
 * end has begun it is only logged. Answers how to end without a signal.
 */
function endOnSignals({ log, shutdown }: Host): (reason: string) => void {
  let isEnding = false
  const end = (reason: string) => {
    if (isEnding) return
    isEnding = true
    log.info({ reason }, 'service stopping')
    void shutdown.run().then(() => process.exit())
  }
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => (isEnding ? process.exit(process.exitCode ?? 1) : end(signal)))
  const crash = (error: unknown) => {
    process.exitCode = 1
    log.fatal({ err: error }, 'unexpected error')
    end('unexpected error')
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  return end
}
