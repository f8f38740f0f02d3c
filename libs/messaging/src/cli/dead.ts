import type { DeadLetter } from '../bus.ts'
import { findDead, type ParkedEvent } from '../parked-store.ts'
import type { Tools } from './command.ts'

const atMost = 1_000

/** What a queue's consumer gave up, on the bus and, if it is an ordered one, in its database; oldest first. */
export async function readDead(tools: Tools, queue: string): Promise<DeadLetter[]> {
  const parked = await findDead(await tools.db(), queue, atMost)
  const letters = parked.map(toLetter)
  const bus = await tools.bus()
  await bus.reviewDeadLetters(queue, async (letter) => {
    if (letters.length < atMost) letters.push(letter)
    return 'keep'
  })
  return letters.sort((a, b) => a.diedAt.localeCompare(b.diedAt))
}

const toLetter = ({ event, attempts, deadAt, reason }: ParkedEvent): DeadLetter => ({
  messageId: event.id,
  type: event.type,
  reason: reason ?? '',
  attempts,
  diedAt: deadAt?.toISOString() ?? '',
  body: Buffer.from(JSON.stringify(event)),
})
