import * as identity from '@sandkeep/identity'
import type { Bus } from '@sandkeep/messaging'
import { createHost, type Host, listen, readConfig, type Service } from '@sandkeep/service-kit'
import type { Loggers } from './log.ts'
import type { Ports } from './port.ts'
import type { ServiceName, Settings } from './settings.ts'

export interface RunningServices {
  identity: identity.Identity
  hosts: Host[]
}

export interface ServiceParts {
  settings: Settings
  ports: Ports
  bus: Bus
  loggers: Loggers
  /** Ends the services, the last one started first. */
  stack: AsyncDisposableStack
}

/** Builds the services in this process and makes each listen on its own port. */
export async function startServices(parts: ServiceParts): Promise<RunningServices> {
  const { settings, bus } = parts
  const hosts: Host[] = []

  async function start<S extends Service>(name: ServiceName, build: (host: Host) => Promise<S>): Promise<S> {
    const host = createHost({ log: parts.loggers(name), measuresProcess: name === 'gateway' })
    hosts.push(host)
    parts.stack.defer(() => host.shutdown.run())
    const service = await build(host)
    const { HOST: address = '127.0.0.1', PORT } = settings[name]
    await parts.ports[name].release()
    await listen(service.app, host, { host: address, port: Number(PORT) })
    return service
  }

  const running = await start('identity', (host) =>
    identity.build(readConfig(identity.configSchema, settings.identity), host, { bus }),
  )
  bus.resume()
  return { identity: running, hosts }
}
