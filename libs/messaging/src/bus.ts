/** One event on its way: an envelope as bytes and what a bus must know to route it without reading it. */
export interface BusMessage {
  /** The envelope's id. */
  id: string
  /** Event type and routing key; its first part names the exchange, `<owner>.events`. */
  type: string
  /** The envelope as JSON in UTF-8, at most 64 KiB of data and a few hundred bytes around it. */
  body: Buffer
  /** Set when it may have been delivered before. */
  redelivered?: boolean
  /** Set when it is sent again on purpose, to one queue. */
  replay?: boolean
}

/** Unconfirmed: the bus may or may not have it. */
export type PublishResult = { confirmed: true } | { confirmed: false; reason: string }

/** A message as a consumer gets it. */
export interface Delivery {
  messageId: string
  body: Buffer
  /** Handlings that failed so far. */
  attempt: number
  /** Whether it may have been handed out before without an outcome. */
  redelivered: boolean
  replay: boolean
}

/** What became of a delivery. The bus acts on it; nothing else acknowledges. */
export type Outcome =
  | { kind: 'done' }
  /** Deliver again after the queue's delay for this attempt. */
  | { kind: 'retry'; reason: string }
  | { kind: 'dead'; reason: string }
  /** No outcome: the consumer is stopping, the message stays where it is. */
  | { kind: 'release' }

/** A queue as a value: what is declared on the bus and printed to docs/events.md. */
export interface QueueTopology {
  /** `<consumer>.<purpose>` */
  name: string
  bindings: { owner: string; type: string }[]
  /** One consumer at a time, so that events of an aggregate are not handled side by side. */
  ordered: boolean
  /** Delays before the second, third, … handling. After the last the message is dead. */
  retryDelaysMs: readonly number[]
  /** Deleted with its subscription: probes and tools. */
  transient?: boolean
}

export interface DeadLetter {
  messageId: string
  type: string
  reason: string
  /** Handlings that failed. */
  attempts: number
  /** RFC 3339 */
  diedAt: string
  body: Buffer
}

export type Verdict = 'keep' | 'redrive' | 'discard'

export interface ReviewCounts {
  keep: number
  redrive: number
  discard: number
}

export type BusStatus = 'up' | 'down' | 'blocked'

export interface Subscription extends AsyncDisposable {
  /** Resolves once the queue exists, is bound and is being consumed. */
  ready(): Promise<void>
  /** Whether it is being consumed now. */
  attached(): boolean
}

/**
 * The event bus port: at-least-once, publisher confirms, delayed retries, dead letters. An adapter offers what
 * relay and consumers need, not what its engine can do.
 */
export interface Bus extends AsyncDisposable {
  /**
   * Publishes to the owner's exchange. Resolves, never rejects: confirmed means that every bound queue holds the
   * message durably (or, in memory, is done with it). Calls are sent in the order they are made.
   */
  publish(message: BusMessage): Promise<PublishResult>
  /** Sends to one queue only, past the exchange. */
  send(queue: string, message: BusMessage): Promise<PublishResult>
  /** Declares the queue and hands its messages to `handle`, at most `prefetch` at a time (20). */
  consume(
    queue: QueueTopology,
    handle: (delivery: Delivery) => Promise<Outcome>,
    prefetch?: number,
  ): Subscription
  /** Shows the queue's dead letters, oldest first, to `judge`, and keeps, redrives or discards each as it says. */
  reviewDeadLetters(queue: string, judge: (letter: DeadLetter) => Promise<Verdict>): Promise<ReviewCounts>
  /** Messages of the queue in the dead-letter store. */
  countDeadLetters(queue: string): Promise<number>
  /** Messages of the queue that wait for a consumer; those in hand and those that wait for a retry are not among them. */
  countWaiting(queue: string): Promise<number>
  status(): BusStatus
  /**
   * In memory, publishing starts only with this call: it says that every consumer is bound. Has no effect on a
   * broker, whose queues outlive their consumers.
   */
  resume(): void
}
