import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf } from './errors.ts'
import { createFlight, type FlightOptions } from './flight.ts'
import type { Pulse } from './pulse.ts'
import { findPending, suspectOldest } from './relay-store.ts'

const batchSize = 500
/** Bounds the memory: at most so many events, of at most 64 KiB each, are held. */
const maxInFlight = 1_000
const landingMs = 5_000
/** Under load a batch is what gathers in this time; an event after a quiet moment does not wait for it. */
const gatheringMs = 40

/** Publishes pending events until told to stop. Runs in one process at a time. */
export async function publishPending(
  options: Omit<FlightOptions, 'onSettled'> & { pulse: Pulse; stop: AbortSignal; lost: AbortSignal },
): Promise<void> {
  const { db, bus, log, pulse, stop, lost } = options
  let isHeldUp = false
  const flight = createFlight({
    ...options,
    onSettled({ retry }) {
      if (retry || isHeldUp) pulse.wake()
    },
  })
  lost.addEventListener('abort', flight.abandon)
  const over = AbortSignal.any([stop, lost])

  const fill = async (): Promise<'nothing' | 'some' | 'full batch'> => {
    const inFlight = flight.pending()
    const room = Math.min(batchSize, maxInFlight - inFlight.length)
    isHeldUp = room <= 0 || !flight.accepts()
    if (isHeldUp || bus.status() !== 'up') return 'nothing'
    const events = await findPending(db, inFlight, room)
    for (const event of events) flight.launch(event)
    if (events.length === 0) return 'nothing'
    return events.length < room ? 'some' : 'full batch'
  }

  await suspectOldest(db, maxInFlight)
  while (!over.aborted) {
    const found = await fill().catch((error: unknown) => {
      log.warn({ reason: reasonOf(error) }, 'outbox could not be read')
      return 'nothing' as const
    })
    if (found === 'full batch') pulse.wake()
    // Many small batches would cost the database more than the writes that they follow.
    if (found === 'some') await delay(gatheringMs, undefined, { signal: over }).catch(() => {})
    await pulse.next()
  }
  if (!lost.aborted) await flight.landed(landingMs)
  flight.abandon()
}
