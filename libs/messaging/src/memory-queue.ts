import type { BusMessage, DeadLetter, Delivery, Outcome, PublishResult, QueueTopology } from './bus.ts'
import { reasonOf } from './errors.ts'
import { createDelays } from './memory-delays.ts'

interface Entry {
  message: BusMessage
  attempt: number
  resolve: (result: PublishResult) => void
}

interface Consumer {
  handle: (delivery: Delivery) => Promise<Outcome>
  room: number
  running: Set<Promise<void>>
}

const confirmed: PublishResult = { confirmed: true }
const stopped: PublishResult = { confirmed: false, reason: 'the consumer stopped' }

/** One queue of the memory bus. A message is confirmed once it is handled or buried, so its publisher keeps it. */
export interface MemoryQueue {
  readonly topology: QueueTopology
  offer(message: BusMessage): Promise<PublishResult>
  /** Starts consuming; the function it answers stops, after those in hand. The queue stays bound. */
  attach(handle: Consumer['handle'], prefetch: number): () => Promise<void>
  isAttached(): boolean
  /** Messages that no consumer has in hand. */
  countWaiting(): number
  close(): void
}

export function createMemoryQueue(
  topology: QueueTopology,
  bury: (letter: DeadLetter) => Promise<void>,
): MemoryQueue {
  const waiting: Entry[] = []
  const consumers: Consumer[] = []
  const delays = createDelays<Entry>((entry) => add({ ...entry, attempt: entry.attempt + 1 }))

  const add = (entry: Entry) => {
    waiting.push(entry)
    pump()
  }

  const pump = () => {
    for (let free = findFree(); free && waiting.length > 0; free = findFree()) start(free, waiting.shift())
  }
  // Consumers of an ordered queue stand by until the first has gone.
  const findFree = () =>
    (topology.ordered ? consumers.slice(0, 1) : consumers).find((it) => it.running.size < it.room)

  const start = (consumer: Consumer, entry: Entry | undefined) => {
    if (!entry) return
    const run: Promise<void> = handleEntry(consumer, entry)
      .then((outcome) => settle(entry, outcome))
      .then(() => {
        consumer.running.delete(run)
        pump()
      })
    consumer.running.add(run)
  }

  const settle = (entry: Entry, outcome: Outcome): Promise<void> | void => {
    if (outcome.kind === 'done') return entry.resolve(confirmed)
    if (outcome.kind === 'release') return entry.resolve(stopped)
    const delayMs = outcome.kind === 'retry' ? topology.retryDelaysMs[entry.attempt] : undefined
    if (delayMs === undefined) return giveUp(entry, outcome.reason)
    if (consumers.length === 0) return entry.resolve(stopped)
    delays.add(entry, delayMs)
  }

  const giveUp = async (entry: Entry, reason: string) =>
    bury(letterOf(entry, reason)).then(
      () => entry.resolve(confirmed),
      (error: unknown) => entry.resolve({ confirmed: false, reason: reasonOf(error) }),
    )

  const returnAll = () => {
    for (const entry of [...delays.cancelAll(), ...waiting.splice(0)]) entry.resolve(stopped)
  }

  const detach = async (consumer: Consumer) => {
    const index = consumers.indexOf(consumer)
    if (index >= 0) consumers.splice(index, 1)
    if (consumers.length === 0) returnAll()
    await Promise.all(consumer.running)
    pump()
  }

  return {
    topology,
    offer: (message) =>
      consumers.length === 0
        ? Promise.resolve(stopped)
        : new Promise((resolve) => add({ message, attempt: 0, resolve })),
    attach(handle, prefetch) {
      const consumer: Consumer = { handle, room: prefetch, running: new Set() }
      consumers.push(consumer)
      pump()
      return () => detach(consumer)
    },
    isAttached: () => consumers.length > 0,
    countWaiting: () => waiting.length,
    close: returnAll,
  }
}

/** A handler that throws, which it should not, has failed. */
const handleEntry = async ({ handle }: Consumer, { message, attempt }: Entry): Promise<Outcome> => {
  const { id: messageId, body, redelivered = false, replay = false } = message
  try {
    return await handle({ messageId, body, attempt, redelivered, replay })
  } catch (error) {
    return { kind: 'retry', reason: reasonOf(error) }
  }
}

const letterOf = ({ message, attempt }: Entry, reason: string): DeadLetter => ({
  messageId: message.id,
  type: message.type,
  body: message.body,
  reason,
  attempts: attempt + 1,
  diedAt: new Date().toISOString(),
})
