import { schedule } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import type { Bus, BusMessage, DeadLetter, PublishResult, QueueTopology, Subscription } from './bus.ts'
import type { LetterStore } from './letter-store.ts'
import { createMemoryQueue, type MemoryQueue } from './memory-queue.ts'
import { review } from './review.ts'
import { ownerOf } from './topology.ts'

const spoolPollMs = 1_000
const held: PublishResult = { confirmed: false, reason: 'the bus is held until all consumers are bound' }
const confirmed: PublishResult = { confirmed: true }

/** A bus inside one process. What makes it durable is the outbox of the publisher, and the store of dead letters. */
export function createMemoryBus(store: LetterStore, log: Logger): Bus {
  const queues = new Map<string, MemoryQueue>()
  let isHeld = true

  const ensureQueue = (topology: QueueTopology): MemoryQueue => {
    const queue =
      queues.get(topology.name) ?? createMemoryQueue(topology, (letter) => store.bury(topology.name, letter))
    queues.set(topology.name, queue)
    return queue
  }

  const publish = async (message: BusMessage): Promise<PublishResult> => {
    if (isHeld) return held
    const bound = [...queues.values()].filter((queue) => isBound(queue.topology, message.type))
    const results = await Promise.all(bound.map((queue) => queue.offer(message)))
    return results.find((result) => !result.confirmed) ?? confirmed
  }

  const send = async (name: string, message: BusMessage): Promise<PublishResult> => {
    if (await store.spool(name, message)) return confirmed
    const queue = queues.get(name)
    return queue ? await queue.offer(message) : { confirmed: false, reason: `there is no queue ${name}` }
  }

  // A redriven letter is in good hands once it is spooled; without a spool nothing here is durable anyway.
  const redrive = async (name: string, { messageId: id, type, body }: DeadLetter): Promise<boolean> => {
    const message = { id, type, body }
    if (await store.spool(name, message)) return true
    void queues.get(name)?.offer(message)
    return queues.has(name)
  }

  const consume: Bus['consume'] = (topology, handle, prefetch = 20): Subscription => {
    const queue = ensureQueue(topology)
    const detach = queue.attach(handle, prefetch)
    return {
      ready: async () => {},
      attached: queue.isAttached,
      async [Symbol.asyncDispose]() {
        await detach()
        if (topology.transient) queues.delete(topology.name)
      },
    }
  }

  const collectSpool = async () => {
    for (const [name, queue] of queues) {
      await store.unspool(name, async (message) => (await queue.offer(message)).confirmed)
    }
  }
  const spooling = schedule({ name: 'collect spooled events', pauseMs: spoolPollMs, run: collectSpool }, log)

  return {
    publish,
    send,
    consume,
    reviewDeadLetters: (queue, judge) =>
      review(store.letters(queue), judge, {
        redrive: (letter) => redrive(queue, letter),
        remove: (letter) => store.remove(queue, letter),
      }),
    countDeadLetters: (queue) => store.count(queue),
    countWaiting: async (name) => queues.get(name)?.countWaiting() ?? 0,
    status: () => (isHeld ? 'down' : 'up'),
    resume() {
      isHeld = false
    },
    async [Symbol.asyncDispose]() {
      for (const queue of queues.values()) queue.close()
      await spooling[Symbol.asyncDispose]()
    },
  }
}

const isBound = ({ bindings }: QueueTopology, type: string) =>
  bindings.some(
    (binding) => binding.owner === ownerOf(type) && (binding.type === type || binding.type === '#'),
  )
