import { pathToFileURL } from 'node:url'
import { openObjects } from '@sandkeep/objects'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { openAmqpBus } from './amqp/amqp-bus.ts'
import type { Bus } from './bus.ts'
import { createVolatileLetterStore, type LetterStore } from './letter-store.ts'
import { createMemoryBus } from './memory-bus.ts'
import { counter } from './metrics.ts'
import { createObjectLetterStore } from './object-letter-store.ts'

export interface BusOptions {
  log: Logger
  /** Whose bus it is: shown by the broker. */
  name: string
  metrics?: Registry
}

/**
 * Opens the bus that the URL's scheme chooses:
 * - `memory:` inside this process, for tests; `memory:/dir` keeps dead letters in the directory. Call `resume()`
 *   when all consumers are bound.
 * - `amqp://user:password@host:5672/vhost`, `amqps://…` RabbitMQ 3.10 or newer. Returns at once also when the
 *   broker is away, and connects when it can.
 */
export async function openBus(url: string, { log, name, metrics }: BusOptions): Promise<Bus> {
  const [scheme] = url.split(':', 1)
  if (scheme === 'memory') {
    return createMemoryBus(await openLetterStore(url.slice('memory:'.length), log), log)
  }
  if (scheme === 'amqp' || scheme === 'amqps') {
    const unrouted =
      metrics &&
      counter(metrics, 'bus_unrouted_total', 'Events published that no queue was bound to', ['type'])
    return await openAmqpBus({ url, name, log, onUnrouted: (type) => unrouted?.inc({ type }) })
  }
  throw new TypeError(`BUS_URL has the scheme "${scheme}:": it must be memory:, amqp: or amqps:`)
}

async function openLetterStore(directory: string, log: Logger): Promise<LetterStore> {
  if (directory === '') return createVolatileLetterStore()
  return createObjectLetterStore(await openObjects(pathToFileURL(directory).href), log)
}
