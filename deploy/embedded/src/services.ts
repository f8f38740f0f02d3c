import { setTimeout as delay } from 'node:timers/promises'
import * as gateway from '@sandkeep/gateway'
import * as identity from '@sandkeep/identity'
import type { Bus } from '@sandkeep/messaging'
import * as sandbox from '@sandkeep/sandbox'
import { createHost, type Host, listen, readConfig, type Service } from '@sandkeep/service-kit'
import type { Loggers } from './log.ts'
import type { Ports } from './port.ts'
import type { ServiceName, Settings } from './settings.ts'

type Hosts = Record<ServiceName, Host>

export interface ServiceParts {
  settings: Settings
  ports: Ports
  bus: Bus
  loggers: Loggers
  /** Ends the services: the gateway first, then what it leads to. */
  stack: AsyncDisposableStack
}

/** Builds the services in this process, each listening on its own port, and answers when all are ready. */
export async function startServices(parts: ServiceParts): Promise<Hosts> {
  const { settings, bus } = parts
  const hosts: Hosts = {
    identity: openHost('identity'),
    sandbox: openHost('sandbox'),
    gateway: openHost('gateway'),
  }

  function openHost(name: ServiceName): Host {
    const host = createHost({ log: parts.loggers(name), measuresProcess: name === 'gateway' })
    parts.stack.defer(() => host.shutdown.run())
    return host
  }

  async function start(name: ServiceName, building: Promise<Service>): Promise<void> {
    const { app } = await building
    const { HOST: host = '127.0.0.1', PORT } = settings[name]
    await parts.ports[name].release()
    await listen(app, hosts[name], { host, port: Number(PORT) })
  }

  const identityConfig = readConfig(identity.configSchema, settings.identity)
  const sandboxConfig = readConfig(sandbox.configSchema, settings.sandbox)
  await Promise.all([
    start('identity', identity.build(identityConfig, hosts.identity, { bus })),
    start('sandbox', sandbox.build(sandboxConfig, hosts.sandbox, { bus })),
  ])
  bus.resume()
  await start('gateway', gateway.build(readConfig(gateway.configSchema, settings.gateway), hosts.gateway))
  await Promise.all(Object.values(hosts).map(untilReady))
  return hosts
}

const longestMs = 20_000
const pollMs = 10

async function untilReady({ health, log }: Host): Promise<void> {
  const giveUpAt = performance.now() + longestMs
  for (;;) {
    const { isReady, checks } = await health.report()
    if (isReady) return
    if (performance.now() > giveUpAt) throw new Error(`a service is not ready: ${JSON.stringify(checks)}`)
    log.debug({ checks }, 'not ready yet')
    await delay(pollMs)
  }
}
