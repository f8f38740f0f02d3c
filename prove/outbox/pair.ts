import { type Failpoint, openBus, startConsumers, startRelay } from '@sandkeep/messaging'
import { openPostgres } from '@sandkeep/postgres'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { pairConsumers } from './consume.ts'
import type { Point } from './faults.ts'
import { type PairAnswer, type PairCommand, pairCommand, pairOptions } from './pair-protocol.ts'
import { produce, produceInTwo } from './produce.ts'
import { withoutConfirms } from './protections.ts'

// A small service that publishes and consumes, with the libraries as every service uses them. It is killed a lot.
const options = pairOptions.parse(JSON.parse(process.argv[2] ?? '{}'))
const log = pino({ level: 'silent' })
const metrics = new Registry()

let visits = 0
function pass(point: Point | Failpoint): void {
  if (options.kill?.point !== point) return
  if (++visits >= options.kill.visit) process.kill(process.pid, 'SIGKILL')
}

const answer = (message: PairAnswer) => void process.send?.(message)

const db = await openPostgres({ url: options.databaseUrl, max: 12, applicationName: 'pair' })
const plainBus = await openBus(options.busUrl, { log, name: options.consumer })
const bus = options.without === 'confirms' ? withoutConfirms(plainBus) : plainBus
const consumers = pairConsumers(options.consumer)
const consuming = await startConsumers({ db, bus, consumers, log, metrics, failpoints: pass })
await consuming.ready()
bus.resume()
startRelay({ db, bus, owner: 'identity', log, metrics, failpoints: pass })

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  const command = pairCommand.parse(message)
  obey(command).then(
    () => answer({ done: command.id }),
    () => answer({ failed: command.id }),
  )
})
answer({ ready: true })

async function obey(command: PairCommand): Promise<void> {
  if (options.without === 'same-transaction-outbox') {
    await produceInTwo(db, command, () => pass('after-commit'))
  } else {
    await produce(db, command)
    pass('after-commit')
  }
}
