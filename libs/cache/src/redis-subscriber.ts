import type { Redis } from 'ioredis'
import type { CacheLog } from './cache.ts'
import { CacheUnavailableError } from './errors.ts'
import { createSubscriptions } from './subscriptions.ts'

const heartbeatMs = 10_000

interface SubscriberOptions {
  connect: () => Redis
  /** How long to wait for Redis to confirm; the command itself stays queued. */
  patienceMs: number
  log: CacheLog | undefined
}

export interface RedisSubscriber extends AsyncDisposable {
  subscribe(channel: string, onMessage: (message: string) => void): Promise<AsyncDisposable>
}

/**
 * Pub/sub on a connection of its own, made with the first subscription. ioredis subscribes again after a reconnect,
 * and queues a subscription made while there is no connection.
 */
export function createRedisSubscriber({ connect, patienceMs, log }: SubscriberOptions): RedisSubscriber {
  const subscriptions = createSubscriptions()
  let connection: Redis | undefined
  let heartbeat: NodeJS.Timeout | undefined

  function open(): Redis {
    const opened = connect()
    opened.on('message', (channel: string, message: string) => subscriptions.deliver(channel, message))
    // A subscriber sends nothing by itself, so that only a question finds out about a dead connection.
    heartbeat = setInterval(() => {
      if (opened.status === 'ready') opened.ping().catch(ignore)
    }, heartbeatMs).unref()
    return opened
  }

  return {
    async subscribe(channel, onMessage) {
      const leave = subscriptions.add(channel, onMessage, log)
      connection ??= open()
      const on = connection
      try {
        await confirmed(on.subscribe(channel), patienceMs)
      } catch (error) {
        leave()
        throw new CacheUnavailableError(error)
      }
      return {
        async [Symbol.asyncDispose]() {
          if (leave().last) await confirmed(on.unsubscribe(channel), patienceMs).catch(ignore)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      connection?.disconnect()
    },
  }
}

async function confirmed(answer: Promise<unknown>, patienceMs: number): Promise<void> {
  const { promise: patience, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  try {
    await Promise.race([answer, patience])
  } finally {
    clearTimeout(timer)
    answer.catch(ignore)
  }
}

function ignore(): void {}
