import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@sandkeep/postgres'
import { schedule, type Task } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Bus } from './bus.ts'
import { reasonOf } from './errors.ts'
import type { Failpoints } from './failpoints.ts'
import { relayMetrics } from './metrics.ts'
import { publishPending } from './publish-pending.ts'
import { createPulse } from './pulse.ts'
import { ensurePartitions, measureOutbox, wakeRelay, wakeupChannel } from './relay-store.ts'
import { onAnnounced } from './wakeup.ts'

const wakeupIntervalMs = 10
const pollMs = 1_000
const candidateMs = 1_000
const measureMs = 5_000
const partitionCheckMs = 60 * 60_000

export interface RelayOptions {
  db: Database
  bus: Bus
  /** The service whose events the database holds. */
  owner: string
  log: Logger
  metrics: Registry
  failpoints?: Failpoints
}

/**
 * Publishes what the outbox holds, oldest first, and moves what the bus confirmed to the event log. Of all
 * processes with a relay on one database one works and the others stand by. Disposing waits, at most 5 s, for
 * what is in flight.
 */
export function startRelay(options: RelayOptions): AsyncDisposable {
  const { db, owner, log } = options
  const metrics = relayMetrics(options.metrics)
  const stop = new AbortController()
  const pulse = createPulse(wakeupIntervalMs, pollMs)
  let leads = false

  // A failed wake-up costs a second: the leader polls.
  const notify = () => wakeRelay(db).catch(() => {})
  const announced = onAnnounced(owner, wakeupIntervalMs, () => {
    if (leads) pulse.wake()
    else void notify()
  })

  const leaderTasks: Task[] = [
    { name: 'make event log partitions', pauseMs: partitionCheckMs, run: () => ensurePartitions(db) },
    {
      name: 'measure the outbox',
      pauseMs: measureMs,
      run: () => measure(db, owner, metrics),
      atOnce: true,
    },
  ]

  const lead = async (lost: AbortSignal) => {
    leads = true
    metrics.leads.set({ owner }, 1)
    log.info({ owner }, 'outbox relay leads')
    lost.addEventListener('abort', pulse.wake)
    await using stack = new AsyncDisposableStack()
    stack.defer(() => {
      leads = false
      metrics.leads.set({ owner }, 0)
    })
    await ensurePartitions(db)
    stack.use(await db.listen(wakeupChannel, pulse.wake))
    for (const task of leaderTasks) stack.use(schedule(task, log))
    await publishPending({ ...options, metrics, pulse, stop: stop.signal, lost })
  }

  const stopped = (async () => {
    while (!stop.signal.aborted) {
      await db.withLock('messaging.relay', lead).catch((error: unknown) => {
        log.warn({ owner, reason: reasonOf(error) }, 'outbox relay interrupted')
      })
      await delay(candidateMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()

  return {
    async [Symbol.asyncDispose]() {
      announced[Symbol.dispose]()
      stop.abort()
      pulse.wake()
      await stopped
    },
  }
}

async function measure(db: Database, owner: string, metrics: ReturnType<typeof relayMetrics>): Promise<void> {
  const { pending, oldestSeconds } = await measureOutbox(db)
  metrics.pending.set({ owner }, pending)
  metrics.oldest.set({ owner }, oldestSeconds)
}
