import type { BusMessage, DeadLetter } from './bus.ts'

/** Where the memory bus keeps what must outlive the process. */
export interface LetterStore {
  /** Resolves once the letter is kept; one of the same message replaces it. */
  bury(queue: string, letter: DeadLetter): Promise<void>
  /** The queue's dead letters, one at a time, in the order of their events or of their deaths. */
  letters(queue: string): AsyncIterable<DeadLetter>
  remove(queue: string, letter: DeadLetter): Promise<void>
  count(queue: string): Promise<number>
  /** Keeps a message for whoever consumes the queue; false when this store cannot. */
  spool(queue: string, message: BusMessage): Promise<boolean>
  /** Hands the spooled messages of the queue over; one is removed when `deliver` answers true. */
  unspool(queue: string, deliver: (message: BusMessage) => Promise<boolean>): Promise<void>
}

/** Keeps dead letters while the process lives: for tests. */
export function createVolatileLetterStore(): LetterStore {
  const queues = new Map<string, Map<string, DeadLetter>>()
  const of = (queue: string) => {
    const letters = queues.get(queue) ?? new Map<string, DeadLetter>()
    queues.set(queue, letters)
    return letters
  }
  return {
    async bury(queue, letter) {
      of(queue).set(letter.messageId, letter)
    },
    async *letters(queue) {
      yield* of(queue).values()
    },
    async remove(queue, letter) {
      of(queue).delete(letter.messageId)
    },
    count: async (queue) => of(queue).size,
    spool: async () => false,
    unspool: async () => {},
  }
}
