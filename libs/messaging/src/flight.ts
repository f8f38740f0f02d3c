import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { Bus } from './bus.ts'
import { reasonOf } from './errors.ts'
import type { Failpoints } from './failpoints.ts'
import type { RelayMetrics } from './metrics.ts'
import { countAttempt, moveToLog, type PendingEvent } from './relay-store.ts'
import { toMessage } from './stored-event.ts'

export interface FlightOptions {
  db: Database
  bus: Bus
  owner: string
  log: Logger
  metrics: RelayMetrics
  failpoints?: Failpoints
  /** Called when there may be room for more, and with `retry` when what failed may be tried again. */
  onSettled: (outcome: { retry: boolean }) => void
}

/** The events that were handed to the bus and are not yet moved to the log. */
export interface Flight {
  /** seq of each. */
  pending(): number[]
  launch(event: PendingEvent): void
  /** False after a failure until everything older has settled: so the next attempt starts with the oldest again. */
  accepts(): boolean
  /** Resolves when nothing is in flight, or after `deadlineMs`. */
  landed(deadlineMs: number): Promise<void>
  /** Forgets everything: what was confirmed and not moved will be published again. */
  abandon(): void
}

const firstPauseMs = 250
const longestPauseMs = 5_000

export function createFlight({ db, bus, owner, log, metrics, failpoints, onSettled }: FlightOptions): Flight {
  const inFlight = new Set<number>()
  let confirmed: number[] = []
  let failed: number[] = []
  let pauseMs = firstPauseMs
  let isSettling = false
  let isAbandoned = false

  const launch = (event: PendingEvent) => {
    inFlight.add(event.seq)
    const measure = metrics.confirm.startTimer({ owner })
    const message = { ...toMessage(event), redelivered: event.attempts > 0 }
    void bus.publish(message).then((result) => {
      if (result.confirmed) confirmed.push(event.seq)
      else failed.push(event.seq)
      if (result.confirmed) measure()
      else
        log.warn(
          { eventId: event.id, type: event.type, reason: result.reason },
          'event not confirmed by the bus',
        )
      if (!isSettling) void settle()
    })
  }

  const settle = async () => {
    isSettling = true
    // Lets the confirms that arrived together be moved together.
    await new Promise(setImmediate)
    while (!isAbandoned && (confirmed.length > 0 || isFailureReady())) {
      const retry = confirmed.length === 0
      try {
        await (retry ? retreat() : markConfirmed())
      } catch (error) {
        log.warn({ reason: reasonOf(error) }, 'outbox could not be marked')
        await delay(firstPauseMs)
      }
      onSettled({ retry })
    }
    isSettling = false
  }

  const markConfirmed = async () => {
    const seqs = [...confirmed]
    failpoints?.('after-publish')
    await moveToLog(db, seqs)
    failpoints?.('after-mark')
    confirmed = confirmed.slice(seqs.length)
    for (const seq of seqs) inFlight.delete(seq)
    metrics.published.inc({ owner }, seqs.length)
    pauseMs = firstPauseMs
  }

  const isFailureReady = () => failed.length > 0 && failed.length === inFlight.size

  const retreat = async () => {
    metrics.unconfirmed.inc({ owner }, failed.length)
    await countAttempt(db, failed)
    await delay(pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    failed = []
    inFlight.clear()
  }

  return {
    pending: () => [...inFlight],
    launch,
    accepts: () => failed.length === 0,
    async landed(deadlineMs) {
      const deadline = Date.now() + deadlineMs
      while (inFlight.size > failed.length && Date.now() < deadline) await delay(10)
    },
    abandon() {
      isAbandoned = true
    },
  }
}
