import { setTimeout as delay } from 'node:timers/promises'
import { findInstance } from '../instance.ts'

const quietMs = 500

/** A sentence about the events of the product on a data directory, once no more of them come. */
export async function describeEvents(dataDirectory: string): Promise<string> {
  let last = ''
  for (;;) {
    const instance = await findInstance(dataDirectory)
    if (instance === null) return 'Events: the product cannot be asked for their number.'
    const { published, consumed } = instance.events
    const now = `Events published: ${listed(published)}. Consumed: ${listed(consumed)}.`
    if (now === last) return now
    last = now
    await delay(quietMs)
  }
}

const listed = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} by ${name}`)
    .join(', ') || 'none'
