import type { Database } from '@sandkeep/postgres'
import { schedule } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Bus, Subscription } from './bus.ts'
import { createDeliver } from './deliver.ts'
import type { Failpoints } from './failpoints.ts'
import type { ConsumerDefinition } from './handler.ts'
import type { Handling } from './handling.ts'
import { pruneInbox } from './inbox.ts'
import { type ConsumerMetrics, consumerMetrics } from './metrics.ts'
import { countParked } from './parked-store.ts'
import { createReport } from './report.ts'
import { retryParked } from './retry-parked.ts'

const pruneMs = 60 * 60_000
const measureMs = 5_000

export interface StartConsumersOptions {
  db: Database
  bus: Bus
  consumers: ConsumerDefinition[]
  log: Logger
  metrics: Registry
  failpoints?: Failpoints
}

export interface Consumers extends AsyncDisposable {
  /** Resolves once every queue exists, is bound and is being consumed. */
  ready(): Promise<void>
  /** Whether every queue is being consumed now: for the health route. */
  attached(): boolean
}

/**
 * Consumes the queues. Returns at once, also with the broker away: it attaches when it can, and again whenever it
 * is cut off. Disposing takes no more events and waits for those in hand.
 */
export async function startConsumers(options: StartConsumersOptions): Promise<Consumers> {
  const { db, log, consumers } = options
  const metrics = consumerMetrics(options.metrics)
  await using stack = new AsyncDisposableStack()
  const subscriptions = consumers.map((definition) => startConsumer(definition, options, metrics, stack))
  const prune = { name: 'prune the inbox', pauseMs: pruneMs, run: () => pruneInbox(db), atOnce: true }
  stack.use(schedule(prune, log))
  const owned = stack.move()
  return {
    async ready() {
      await Promise.all(subscriptions.map((it) => it.ready()))
    },
    attached: () => subscriptions.every((it) => it.attached()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function startConsumer(
  definition: ConsumerDefinition,
  { db, bus, log, failpoints }: StartConsumersOptions,
  metrics: ConsumerMetrics,
  stack: AsyncDisposableStack,
): Subscription {
  const { name: queue, ordered, retryDelaysMs } = definition.topology
  const handling: Handling = { db, queue, retryDelaysMs, log, ...(failpoints && { failpoints }) }
  const report = createReport(queue, log, metrics)
  const stop = new AbortController()
  if (ordered) {
    stack.use(retryParked(definition, handling, report))
    const run = () => measureParked(db, queue, metrics)
    stack.use(schedule({ name: `measure ${queue}`, pauseMs: measureMs, run, atOnce: true }, log))
  }
  const subscription = bus.consume(
    definition.topology,
    createDeliver({ definition, handling, report, stop: stop.signal }),
  )
  stack.use(subscription)
  const run = () => measureWaiting(bus, queue, metrics)
  stack.use(schedule({ name: `measure the backlog of ${queue}`, pauseMs: measureMs, run }, log))
  stack.defer(() => stop.abort())
  return subscription
}

async function measureParked(db: Database, queue: string, metrics: ConsumerMetrics): Promise<void> {
  const { waiting, dead } = await countParked(db, queue)
  metrics.parked.set({ queue, state: 'waiting' }, waiting)
  metrics.parked.set({ queue, state: 'dead' }, dead)
}

/** A broker that is away shows elsewhere: the figure stays as it was. */
async function measureWaiting(bus: Bus, queue: string, metrics: ConsumerMetrics): Promise<void> {
  if (bus.status() !== 'down') metrics.waiting.set({ queue }, await bus.countWaiting(queue))
}
