import type { BusMessage, DeadLetter, Delivery, Outcome, PublishResult, QueueTopology } from './bus.ts'
import { reasonOf } from './errors.ts'

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

const stopped: PublishResult = { confirmed: false, reason: 'the consumer stopped' }

/** One queue of the memory bus. A message is confirmed once it is handled or buried, so its publisher keeps it. */
export interface MemoryQueue {
  readonly topology: QueueTopology
  offer(message: BusMessage): Promise<PublishResult>
  /** Starts consuming; the function it answers stops, after those in hand. The queue stays bound. */
  attach(handle: Consumer['handle'], prefetch: number): () => Promise<void>
  isAttached(): boolean
  close(): void
}

export function createMemoryQueue(
  topology: QueueTopology,
  bury: (letter: DeadLetter) => Promise<void>,
): MemoryQueue {
  const waiting: Entry[] = []
  const retries = new Map<NodeJS.Timeout, Entry>()
  const consumers: Consumer[] = []

  const pump = () => {
    for (let free = findFree(); free && waiting.length > 0; free = findFree()) start(free, waiting)
  }
  // Consumers of an ordered queue stand by until the first has gone.
  const findFree = () =>
    (topology.ordered ? consumers.slice(0, 1) : consumers).find((it) => it.running.size < it.room)

  const start = (consumer: Consumer, entries: Entry[]) => {
    const entry = entries.shift()
    if (!entry) return
    const run: Promise<void> = settle(consumer, entry).then(() => {
      consumer.running.delete(run)
      pump()
    })
    consumer.running.add(run)
  }

  const settle = async (consumer: Consumer, entry: Entry) => {
    const { message, attempt } = entry
    const outcome = await consumer.handle({
      messageId: message.id,
      body: message.body,
      attempt,
      redelivered: message.redelivered ?? false,
      replay: message.replay ?? false,
    })
    if (outcome.kind === 'done') entry.resolve({ confirmed: true })
    else if (outcome.kind === 'retry') retry(entry, outcome.reason)
    else if (outcome.kind === 'dead') await giveUp(entry, outcome.reason)
    else entry.resolve(stopped)
  }

  const retry = (entry: Entry, reason: string) => {
    const delayMs = topology.retryDelaysMs[entry.attempt]
    if (delayMs === undefined) return void giveUp(entry, reason)
    if (consumers.length === 0) return entry.resolve(stopped)
    const timer = setTimeout(() => {
      retries.delete(timer)
      waiting.push({ ...entry, attempt: entry.attempt + 1 })
      pump()
    }, delayMs).unref()
    retries.set(timer, entry)
  }

  const giveUp = async (entry: Entry, reason: string) => {
    const { message, attempt, resolve } = entry
    const { id: messageId, type, body } = message
    const letter = { messageId, type, body, reason, attempts: attempt + 1, diedAt: new Date().toISOString() }
    await bury(letter).then(
      () => resolve({ confirmed: true }),
      (error: unknown) => resolve({ confirmed: false, reason: reasonOf(error) }),
    )
  }

  const returnAll = () => {
    for (const [timer, entry] of retries) {
      clearTimeout(timer)
      entry.resolve(stopped)
    }
    retries.clear()
    for (const entry of waiting.splice(0)) entry.resolve(stopped)
  }

  return {
    topology,
    offer: (message) =>
      consumers.length === 0
        ? Promise.resolve(stopped)
        : new Promise((resolve) => {
            waiting.push({ message, attempt: 0, resolve })
            pump()
          }),
    attach(handle, prefetch) {
      const consumer: Consumer = { handle, room: prefetch, running: new Set() }
      consumers.push(consumer)
      pump()
      return async () => {
        const index = consumers.indexOf(consumer)
        if (index >= 0) consumers.splice(index, 1)
        if (consumers.length === 0) returnAll()
        await Promise.all(consumer.running)
        pump()
      }
    },
    isAttached: () => consumers.length > 0,
    close: returnAll,
  }
}
