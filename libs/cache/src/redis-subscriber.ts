import type { Redis } from 'ioredis'
import type { CacheLog } from './cache.ts'
import { CacheUnavailableError } from './errors.ts'
import { Subscriptions } from './subscriptions.ts'

const heartbeatMs = 10_000

interface SubscriberOptions {
  connect: () => Redis
  /** How long to wait for Redis to confirm; the command itself stays queued. */
  patienceMs: number
  log: CacheLog | undefined
}

/**
 * Pub/sub on a connection of its own, made with the first subscription. ioredis subscribes again after a reconnect,
 * and queues a subscription made while there is no connection.
 */
export class RedisSubscriber implements AsyncDisposable {
  readonly #options: SubscriberOptions
  readonly #subscriptions = new Subscriptions()
  #connection: Redis | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(options: SubscriberOptions) {
    this.#options = options
  }

  async subscribe(channel: string, onMessage: (message: string) => void): Promise<AsyncDisposable> {
    const leave = this.#subscriptions.add(channel, onMessage, this.#options.log)
    const connection = this.#open()
    try {
      await this.#confirmed(connection.subscribe(channel))
    } catch (error) {
      leave()
      throw new CacheUnavailableError(error)
    }
    return {
      [Symbol.asyncDispose]: async () => {
        if (leave().last) await this.#confirmed(connection.unsubscribe(channel)).catch(ignore)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat)
    this.#connection?.disconnect()
  }

  #open(): Redis {
    if (this.#connection) return this.#connection
    const connection = this.#options.connect()
    connection.on('message', (channel: string, message: string) =>
      this.#subscriptions.deliver(channel, message),
    )
    // A subscriber sends nothing by itself, so that only a question finds out about a dead connection.
    this.#heartbeat = setInterval(() => {
      if (connection.status === 'ready') connection.ping().catch(ignore)
    }, heartbeatMs).unref()
    this.#connection = connection
    return connection
  }

  async #confirmed(answer: Promise<unknown>): Promise<void> {
    const { promise: patience, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#options.patienceMs)
    try {
      await Promise.race([answer, patience])
    } finally {
      clearTimeout(timer)
      answer.catch(ignore)
    }
  }
}

function ignore(): void {}
