import { reasonOf } from './errors.ts'
import { createFlight, type FlightOptions } from './flight.ts'
import type { Pulse } from './pulse.ts'
import { findPending, suspectOldest } from './relay-store.ts'

const batchSize = 500
/** Bounds the memory: at most so many events, of at most 64 KiB each, are held. */
const maxInFlight = 1_000
const landingMs = 5_000

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
  const isOver = () => stop.aborted || lost.aborted

  /** Whether there is likely more than was found. */
  const fill = async (): Promise<boolean> => {
    const inFlight = flight.pending()
    const room = Math.min(batchSize, maxInFlight - inFlight.length)
    isHeldUp = room <= 0 || !flight.accepts()
    if (isHeldUp || bus.status() !== 'up') return false
    const events = await findPending(db, inFlight, room)
    for (const event of events) flight.launch(event)
    return events.length === room
  }

  await suspectOldest(db, maxInFlight)
  while (!isOver()) {
    const hasMore = await fill().catch((error: unknown) => {
      log.warn({ reason: reasonOf(error) }, 'outbox could not be read')
      return false
    })
    // What came meanwhile wakes the pulse itself: looking again at once would make many small batches of a few.
    if (hasMore) pulse.wake()
    await pulse.next()
  }
  if (!lost.aborted) await flight.landed(landingMs)
  flight.abandon()
}
