import type { Channel, GetMessage } from 'amqplib'
import type { DeadLetter, ReviewCounts, Verdict } from '../bus.ts'
import { PermanentError } from '../errors.ts'
import { deadQueueOf } from '../topology.ts'
import type { Publisher } from './publisher.ts'
import { toDeadLetter, toOptions, typeOf } from './wire.ts'

/**
 * Goes once through the queue's dead letters. One that is kept is put back at the end as a new copy: returning it
 * would count as a failed delivery, and a broker with a delivery limit would throw it away after some looks.
 */
export async function reviewDeadQueue(
  channel: Channel,
  publisher: Publisher,
  queue: string,
  judge: (letter: DeadLetter) => Promise<Verdict>,
): Promise<ReviewCounts> {
  const counts: ReviewCounts = { keep: 0, redrive: 0, discard: 0 }
  const { messageCount } = await channel.checkQueue(deadQueueOf(queue))
  for (let seen = 0; seen < messageCount; seen++) {
    const message = await channel.get(deadQueueOf(queue))
    if (!message) break
    const verdict = await judge(toDeadLetter(message))
    if (verdict !== 'discard')
      await move(publisher, message, verdict === 'keep' ? deadQueueOf(queue) : queue, verdict)
    channel.ack(message)
    counts[verdict]++
  }
  return counts
}

async function move(publisher: Publisher, message: GetMessage, to: string, verdict: Verdict): Promise<void> {
  const id = String(message.properties.messageId)
  const fresh = toOptions({ id, type: typeOf(message), body: message.content })
  const options = verdict === 'keep' ? { ...fresh, headers: message.properties.headers } : fresh
  const result = await publisher.publish({ owner: null, routingKey: to, body: message.content, options })
  if (!result.confirmed) throw new PermanentError(`${id} could not be moved to ${to}: ${result.reason}`)
}
