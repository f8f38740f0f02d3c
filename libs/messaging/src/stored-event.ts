import { type Envelope, type JsonValue, parseEventType } from '@sandkeep/contracts'
import type { BusMessage } from './bus.ts'
import type { Origin } from './origin.ts'

/** A row of the outbox or the event log. */
export interface StoredEvent {
  id: string
  type: string
  aggregate_id: string
  aggregate_version: number
  data: JsonValue
  context: Origin
  occurred_at: Date
}

/** The event as it travels. */
export function toEnvelope(event: StoredEvent): Envelope {
  return {
    specversion: '1.0',
    id: event.id,
    source: `/sandkeep/${parseEventType(event.type).owner}`,
    type: event.type,
    subject: event.aggregate_id,
    sequence: event.aggregate_version,
    time: event.occurred_at.toISOString(),
    datacontenttype: 'application/json',
    ...event.context,
    data: event.data,
  }
}

export function toMessage(event: StoredEvent): BusMessage {
  return {
    id: event.id,
    type: event.type,
    body: Buffer.from(JSON.stringify(toEnvelope(event))),
  }
}
