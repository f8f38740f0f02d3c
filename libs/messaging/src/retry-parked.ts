import type { Envelope } from '@sandkeep/contracts'
import { schedule } from '@sandkeep/service-kit'
import { readWith } from './deliver.ts'
import { PermanentError } from './errors.ts'
import type { ConsumerDefinition } from './handler.ts'
import type { Handling, ReadEvent } from './handling.ts'
import { handleHead } from './ordered.ts'
import { findDueAggregates } from './parked-store.ts'
import type { Report } from './report.ts'

const pollMs = 1_000
const atOnce = 100

/** Tries what an ordered consumer has parked again when it is due, and then what waits behind it. */
export function retryParked(
  definition: ConsumerDefinition,
  handling: Handling,
  report: Report,
): AsyncDisposable {
  const stop = new AbortController()
  const pauseMs = Math.min(pollMs, ...handling.retryDelaysMs)

  const read = (event: Envelope): ReadEvent => {
    const handler = definition.handlers.get(event.type)
    if (!handler) throw new PermanentError(`no handler for ${event.type}`)
    return readWith(handler, event, false)
  }

  const drain = async (aggregateId: string) => {
    for (;;) {
      const startedAt = performance.now()
      const done = stop.signal.aborted ? null : await handleHead(handling, aggregateId, read)
      if (!done) return
      report(done.result, done.event, { messageId: done.event.id, attempt: done.attempts, startedAt })
    }
  }

  const look = async () => {
    for (const aggregateId of await findDueAggregates(handling.db, handling.queue, atOnce))
      await drain(aggregateId)
  }

  const name = `try parked events of ${handling.queue}`
  const task = schedule({ name, pauseMs, run: look, atOnce: true }, handling.log)
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await task[Symbol.asyncDispose]()
    },
  }
}
