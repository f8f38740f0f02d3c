import type { Database } from '@sandkeep/postgres'
import type { Host } from '@sandkeep/service-kit'
import type { Bus } from './bus.ts'
import type { ConsumerDefinition } from './handler.ts'
import { startRelay } from './relay.ts'
import { startConsumers } from './start-consumers.ts'

export interface JoinBusOptions {
  /** The service whose events the database holds. */
  name: string
  host: Host
  db: Database
  bus: Bus
  consumers?: ConsumerDefinition[]
}

/** Publishes what the service announces and hands its consumers what others do, until the host ends. */
export async function joinBus({ name, host, db, bus, consumers = [] }: JoinBusOptions): Promise<void> {
  const { log, metrics, stack } = host
  stack.use(startRelay({ db, bus, owner: name, log, metrics }))
  const isUp = () => bus.status() === 'up'
  if (consumers.length === 0) return host.health.add('bus', () => (isUp() ? 'up' : 'degraded'))
  const consuming = stack.use(await startConsumers({ db, bus, consumers, log, metrics }))
  host.shutdown.on('stop-consuming', () => consuming[Symbol.asyncDispose]())
  host.health.add('bus', () => (isUp() && consuming.attached() ? 'up' : 'degraded'))
}
