import { setTimeout as delay } from 'node:timers/promises'
import { userUpdated } from '@sandkeep/contracts'
import { type Bus, consumer, handle, openBus, startConsumers, startRelay } from '@sandkeep/messaging'
import { openPostgres } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { answerOnce } from '../harness/run-in-process.ts'
import { percentile } from '../harness/statistics.ts'
import { announceOne } from './event.ts'
import type { MessagingPlace } from './messaging-place.ts'

export interface LatencyRequest extends MessagingPlace {
  perSecond: number
  seconds: number
}
export interface Latency {
  events: number
  p50Ms: number
  p99Ms: number
}

const tickMs = 10
const warmUpMs = 3_000
const patience = { timeoutMs: 60_000 }

/** From the commit of an event until its handling is committed, at a given rate. */
answerOnce(async ({ brokerUrl, databaseUrl, perSecond, seconds }: LatencyRequest): Promise<Latency> => {
  await using stack = new AsyncDisposableStack()
  const common = { log: pino({ level: 'silent' }), metrics: new Registry() }
  const db = stack.use(await openPostgres({ url: databaseUrl, applicationName: 'bench' }))
  const bus = stack.use(await openBus(brokerUrl, { ...common, name: 'bench' }))
  const handledAt = new Map<string, number>()
  const subjects = new Map<string, string>()
  const noting = handle(userUpdated, async ({ event }) => void subjects.set(event.id, event.subject))
  const definition = consumer({ queue: 'bench.latency', ordered: false, handlers: [noting] })
  const watched = watch(bus, (id) => handledAt.set(subjects.get(id) ?? '', performance.now()))
  const consuming = stack.use(await startConsumers({ ...common, db, bus: watched, consumers: [definition] }))
  await consuming.ready()
  stack.use(startRelay({ ...common, db, bus, owner: 'identity' }))

  const committedAt = new Map<string, number>()
  const announce = async () => committedAt.set(await announceOne(db), performance.now())
  await atRate(perSecond, warmUpMs, announce)
  committedAt.clear()
  await atRate(perSecond, seconds * 1_000, announce)
  const isHandled = (subject: string) => handledAt.has(subject)
  await eventually(() => {
    if (![...committedAt.keys()].every(isHandled)) throw new Error('some are not handled')
  }, patience)
  const waits = Array.from(committedAt, ([subject, at]) => (handledAt.get(subject) ?? Number.NaN) - at)
  const sorted = Float64Array.from(waits).sort()
  return { events: waits.length, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) }
})

/** The bus, telling of each delivery that is done: its effects are committed then. */
function watch(bus: Bus, done: (messageId: string) => void): Bus {
  return {
    ...bus,
    consume: (queue, deliver, prefetch) => {
      const noticing: typeof deliver = async (delivery) => {
        const outcome = await deliver(delivery)
        if (outcome.kind === 'done') done(delivery.messageId)
        return outcome
      }
      return bus.consume(queue, noticing, prefetch)
    },
  }
}

/** An open loop: what is late does not hold up what follows. */
async function atRate(perSecond: number, ms: number, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now()
  const running: Promise<unknown>[] = []
  for (let elapsed = 0; elapsed < ms; elapsed = performance.now() - started) {
    while (running.length < (elapsed / 1_000) * perSecond) running.push(work())
    await delay(tickMs)
  }
  await Promise.all(running)
}
