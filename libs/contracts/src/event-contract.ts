import {
  create,
  type DescMessage,
  fromJson,
  getOption,
  hasOption,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf'
import { event } from './generated/sandkeep/options/v1/options_pb.ts'
import { subjectsOf } from './personal.ts'

/** The plain fields of a generated message, without protobuf's bookkeeping. Times are `Timestamp`, int64 is `bigint`. */
export type EventData<M> = M extends { $typeName: string }
  ? { [K in keyof M as K extends `$${string}` ? never : K]: EventData<M[K]> }
  : M extends (infer Item)[]
    ? EventData<Item>[]
    : M

/** One kind of event: its name on the wire, who announces it, and how its data is written and read. */
export interface EventContract<T> {
  /** `<owner>.<aggregate>.<past fact>.v<n>`; also the routing key. */
  readonly type: string
  readonly owner: string
  readonly aggregate: string
  readonly message: DescMessage
  /** The proto3 JSON mapping, every field present that has no presence of its own; int64 as string. */
  toJson(data: T): JsonValue
  /**
   * Reads what any version of the same major wrote: unknown fields are ignored, unknown enum names become the
   * enum's zero value. Throws `ContractError` on anything else.
   */
  fromJson(json: unknown): T
  /** The ids of the persons the data is about, without repeats. */
  subjects(data: T): string[]
}

/** Data that does not fit its contract; the message names the field. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
}

/** The contract of a generated message that has the option `event`. */
export function defineEvent<Desc extends DescMessage>(
  message: Desc,
): EventContract<EventData<MessageShape<Desc>>> {
  if (!hasOption(message, event)) throw new ContractError(`${message.typeName} has no option "event"`)
  const { type } = getOption(message, event)
  const { owner, aggregate } = parseEventType(type)
  type Data = EventData<MessageShape<Desc>>
  // EventData only takes keys away, so the data is a valid initialiser and a message is valid data.
  const toMessage = (data: Data) => create(message, data as MessageInitShape<Desc>)
  return {
    type,
    owner,
    aggregate,
    message,
    toJson: (data) =>
      orContractError(type, () => toJson(message, toMessage(data), { alwaysEmitImplicit: true })),
    fromJson: (json) =>
      orContractError(type, () =>
        fromJson(message, json as JsonValue, { ignoreUnknownFields: true }),
      ) as Data,
    subjects: (data) => subjectsOf(message, toMessage(data)),
  }
}

const typePattern = /^(?<owner>[a-z][a-z-]*)\.(?<aggregate>[a-z][a-z-]*)\.[a-z][a-z-]*\.v[1-9][0-9]*$/

/** The parts of an event type; throws `ContractError` when it is not `<owner>.<aggregate>.<past fact>.v<n>`. */
export function parseEventType(type: string): { owner: string; aggregate: string } {
  const { owner, aggregate } = typePattern.exec(type)?.groups ?? {}
  if (!owner || !aggregate)
    throw new ContractError(`"${type}" is no event type: it must read <owner>.<aggregate>.<past fact>.v<n>`)
  return { owner, aggregate }
}

function orContractError<R>(type: string, work: () => R): R {
  try {
    return work()
  } catch (cause) {
    throw new ContractError(`${type}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
