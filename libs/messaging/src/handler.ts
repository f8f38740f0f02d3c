import type { Envelope, EventContract } from '@sandkeep/contracts'
import type { Tx } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { QueueTopology } from './bus.ts'

export interface HandlerContext<T> {
  event: Envelope<T>
  /** Commits together with the memory of having handled the event. All effects go through it. */
  tx: Tx
  /** Names the event in every line. */
  log: Logger
  /** Sent again on purpose, to feed a new or repaired consumer. */
  replay: boolean
}

/** What a consumer does with one type of event. Made by `handle`. */
export interface Handler {
  type: string
  owner: string
  newestOnly: boolean
  /** Reads the data; throws `ContractError`. The handling is separate, since that may be repeated. */
  read(event: Envelope, replay: boolean): (tx: Tx, log: Logger) => Promise<void>
}

export interface HandleOptions {
  /**
   * For handlers that apply the whole state the event carries: an event older than the newest this consumer has
   * applied to the aggregate is dropped. One of the same version is applied.
   */
  newestOnly?: boolean
}

/**
 * Handles one type of event. What the handler does in `tx` commits together with the inbox row, so it happens
 * once however often the event arrives. Returning means done; throwing `PermanentError` means dead letter; any
 * other throw means again, later.
 */
export function handle<T>(
  contract: EventContract<T>,
  handler: (context: HandlerContext<T>) => Promise<void>,
  options: HandleOptions = {},
): Handler {
  return {
    type: contract.type,
    owner: contract.owner,
    newestOnly: options.newestOnly ?? false,
    read(event, replay) {
      const data = contract.fromJson(event.data)
      return (tx, log) => handler({ event: { ...event, data }, tx, log, replay })
    },
  }
}

export interface ConsumerDefinition {
  topology: QueueTopology
  handlers: ReadonlyMap<string, Handler>
}

const retryDelaysMs = [5_000, 30_000, 300_000]

export interface ConsumerOptions {
  /** `<consumer>.<purpose>`, such as `sandbox.accounts`. */
  queue: string
  /**
   * Ordered: while one event of an aggregate waits to be tried again, or is dead, later ones of the same aggregate
   * wait behind it. Unordered: they do not.
   */
  ordered: boolean
  handlers: Handler[]
  /** Pauses before another try; after the last the event is dead. Tests shorten them. */
  retryDelaysMs?: readonly number[]
}

/** A queue with what is done with its events. */
export function consumer(options: ConsumerOptions): ConsumerDefinition {
  const { queue: name, ordered, handlers } = options
  if (!/^[a-z][a-z-]*\.[a-z][a-z-]*$/.test(name))
    throw new TypeError(`queue "${name}" must read <consumer>.<purpose>`)
  const byType = new Map(handlers.map((handler) => [handler.type, handler]))
  if (byType.size !== handlers.length) throw new TypeError(`queue "${name}" handles a type twice`)
  const bindings = handlers.map(({ owner, type }) => ({ owner, type }))
  return {
    topology: { name, bindings, ordered, retryDelaysMs: options.retryDelaysMs ?? retryDelaysMs },
    handlers: byType,
  }
}
