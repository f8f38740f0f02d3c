import type { Envelope } from '@sandkeep/contracts'
import { context, isTraceparent, newTraceparent } from '@sandkeep/service-kit'

/** Where an event came from, as it is stored beside its data. */
export type Origin = Pick<Envelope, 'traceparent' | 'correlationid' | 'causationid' | 'actor' | 'subjects'>

/** The origin of an event that is announced now: the request or the event that is being handled. */
export function currentOrigin(subjects: string[]): Origin {
  const { traceparent, correlationId, causationId, actor } = context.current() ?? {}
  return {
    ...(traceparent && { traceparent }),
    ...(correlationId && { correlationid: correlationId }),
    ...(causationId && { causationid: causationId }),
    ...(actor && { actor }),
    ...(subjects.length > 0 && { subjects }),
  }
}

/** Runs a handler as a new span of the event's trace, on behalf of who caused the event. */
export function withOrigin<T>(event: Envelope, work: () => T): T {
  const parent = isTraceparent(event.traceparent) ? event.traceparent : undefined
  const { correlationid: correlationId = event.id, actor } = event
  const traceparent = newTraceparent(parent)
  return context.run({ traceparent, correlationId, causationId: event.id, ...(actor && { actor }) }, work)
}
