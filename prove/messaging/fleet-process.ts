import * as identity from '@sandkeep/identity'
import { type Bus, openBus, startConsumers } from '@sandkeep/messaging'
import { openPostgres } from '@sandkeep/postgres'
import * as sandbox from '@sandkeep/sandbox'
import { createHost, createLogger, listen, readConfig } from '@sandkeep/service-kit'
import { effectConsumers } from './effects.ts'
import { type Point, type ProcessAnswer, processOptions, processOrder } from './process-protocol.ts'

// One process of the fleet: services as they are in production, or the consumers whose effects are counted, or both.
// The bus is wrapped, so that the process can end itself between two durable steps. It is killed a lot.
const options = processOptions.parse(JSON.parse(process.argv[2] ?? '{}'))
const log = createLogger({ name: options.name, level: 'warn' })
const answer = (message: ProcessAnswer) => void process.send?.(message)

let death: { point: Point; visitsLeft: number } | null = null
function pass(point: string): void {
  if (death?.point === point && --death.visitsLeft <= 0) process.kill(process.pid, 'SIGKILL')
}

const host = createHost({ log, measuresProcess: true })
const plainBus = await openBus(options.busUrl, { log, name: options.name, metrics: host.metrics })
const bus: Bus = {
  ...plainBus,
  async publish(message) {
    pass('before-publish')
    const result = await plainBus.publish(message)
    if (result.confirmed) pass('after-publish')
    return result
  },
}

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  const order = processOrder.parse(message)
  if ('dieAt' in order) death = { point: order.dieAt, visitsLeft: order.visit }
  else void publishUntilConfirmed(order.publish).then(() => answer({ published: order.publish.id }))
})

const { services, effects } = options
if (services.identity) {
  const config = readConfig(identity.configSchema, services.identity)
  const { app } = await identity.build(config, host, { bus })
  await listen(app, host, { host: '127.0.0.1', port: config.PORT })
}
if (services.sandbox) {
  // A registry of its own, as both services register the same metrics.
  const sandboxHost = services.identity ? createHost({ log }) : host
  const config = readConfig(sandbox.configSchema, services.sandbox)
  const { app } = await sandbox.build(config, sandboxHost, { bus })
  await listen(app, sandboxHost, { host: '127.0.0.1', port: config.PORT })
}
if (effects) {
  const db = await openPostgres({ url: effects.databaseUrl, max: 20, applicationName: options.name, log })
  const consumers = effectConsumers(effects.consumer)
  const consuming = await startConsumers({ db, bus, consumers, log, metrics: host.metrics, failpoints: pass })
  // What is published before a queue is bound nobody gets.
  await consuming.ready()
}
bus.resume()
answer({ ready: true })

async function publishUntilConfirmed({ id, type, body }: { id: string; type: string; body: string }) {
  while (!(await plainBus.publish({ id, type, body: Buffer.from(body) })).confirmed)
    await new Promise((resolve) => setTimeout(resolve, 500))
}
