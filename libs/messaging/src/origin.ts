import { AsyncLocalStorage } from 'node:async_hooks'
import type { Envelope } from '@sandkeep/contracts'

/** Where an event came from, as it is stored beside its data. */
export type Origin = Pick<Envelope, 'traceparent' | 'correlationid' | 'causationid' | 'actor' | 'subjects'>

/** The event whose handling is under way, so that what it causes can name it. */
const handledEvent = new AsyncLocalStorage<{ id: string }>()

/** The origin of an event that is announced now. */
export function currentOrigin(subjects: string[]): Origin {
  const cause = handledEvent.getStore()
  return { ...(cause && { causationid: cause.id }), ...(subjects.length > 0 && { subjects }) }
}

/** Runs a handler so that what it announces names the event as its cause. */
export function withOrigin<T>(event: Envelope, work: () => Promise<T>): Promise<T> {
  return handledEvent.run({ id: event.id }, work)
}
