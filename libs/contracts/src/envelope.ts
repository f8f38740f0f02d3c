import type { JsonValue } from '@bufbuild/protobuf'
import { z } from 'zod'
import { ContractError } from './event-contract.ts'

/** An event as it travels: CloudEvents attribute names around the contract's data. */
export interface Envelope<T = JsonValue> {
  specversion: '1.0'
  /** UUIDv7 of the event; consumers remember it, so that a repeat has no effect. */
  id: string
  /** The service that announced it: `/sandkeep/<owner>`. */
  source: string
  type: string
  /** The id of the aggregate the event is about. */
  subject: string
  /** The aggregate's version after the change, from 1. Events of one change share it. */
  sequence: number
  /** When it happened: RFC 3339, UTC, milliseconds. */
  time: string
  datacontenttype: 'application/json'
  /** W3C trace context of the request that caused it. */
  traceparent?: string
  /** The same for everything one request led to. */
  correlationid?: string
  /** The id of the event whose handling caused this one. */
  causationid?: string
  /** Who caused it: `user:<id>` or `service:<name>`. Personal. */
  actor?: string
  /** The persons the data is about, as the contract tags them. Personal. */
  subjects?: string[]
  data: T
}

const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().min(1),
  sequence: z.int().nonnegative(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().exactOptional(),
  correlationid: z.string().exactOptional(),
  causationid: z.string().exactOptional(),
  actor: z.string().exactOptional(),
  subjects: z.array(z.string()).exactOptional(),
  data: z.json(),
})

/** Reads an envelope from bytes, text or parsed JSON. Throws `ContractError` that names every wrong attribute. */
export function parseEnvelope(input: Uint8Array | string | object): Envelope {
  const parsed = envelopeSchema.safeParse(toJson(input))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || '(envelope)'}: ${issue.message}`,
  )
  throw new ContractError(`not an event envelope: ${faults.join('; ')}`)
}

function toJson(input: Uint8Array | string | object): unknown {
  if (typeof input === 'object' && !(input instanceof Uint8Array)) return input
  try {
    return JSON.parse(
      typeof input === 'string' ? input : new TextDecoder('utf-8', { fatal: true }).decode(input),
    )
  } catch (cause) {
    throw new ContractError('not an event envelope: not JSON in UTF-8', { cause })
  }
}
