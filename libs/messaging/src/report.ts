import type { Envelope } from '@sandkeep/contracts'
import type { Logger } from 'pino'
import type { Result } from './deliver.ts'
import type { ConsumerMetrics } from './metrics.ts'

export interface Handled {
  messageId: string
  attempt: number
  /** By `performance.now()`. */
  startedAt: number
}

export type Report = (result: Result, event: Envelope | null, handled: Handled) => void

/** Tells metrics and log what became of deliveries. */
export function createReport(queue: string, log: Logger, metrics: ConsumerMetrics): Report {
  return (result, event, delivery) => {
    const type = event?.type ?? 'unreadable'
    metrics.handled.inc({ queue, type, outcome: result.kind })
    metrics.duration.observe({ queue, type }, (performance.now() - delivery.startedAt) / 1000)
    if (result.kind === 'duplicate') metrics.duplicates.inc({ queue })
    if (result.kind === 'handled' && event) metrics.lag.observe({ queue }, secondsSince(event.time))
    if (!('reason' in result)) return
    const fields = {
      queue,
      eventId: delivery.messageId,
      type,
      attempt: delivery.attempt,
      reason: result.reason,
    }
    if (result.kind === 'dead' || result.kind === 'buried') {
      metrics.dead.inc({ queue })
      log.error(fields, 'event given up')
    } else {
      log.warn(fields, 'event will be tried again')
    }
  }
}

const secondsSince = (time: string) => Math.max(0, (Date.now() - Date.parse(time)) / 1000)
