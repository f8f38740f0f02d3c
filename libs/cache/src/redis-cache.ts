import type { Redis, Result } from 'ioredis'
import type { Cache, CacheOptions } from './cache.ts'
import type { CacheKey } from './cache-key.ts'
import { CacheUnavailableError } from './errors.ts'
import { type ConnectionOptions, connectRedis, whenReady } from './redis-connection.ts'
import { takeScript } from './redis-scripts.ts'
import { createRedisSubscriber, type RedisSubscriber } from './redis-subscriber.ts'
import { checkKey, checkLimit, checkTtl } from './rules.ts'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    take(key: string, limit: number, windowMs: number): Result<[number, number, number], Context>
  }
}

const namespace = 'sandkeep'
const connectPatienceMs = 2_000
const deadConnectionMs = 2_000

/** Opens also when Redis is away: requests then fail fast until it is there. */
export async function openRedisCache(url: string, options: CacheOptions): Promise<Cache> {
  const { owner, log, commandTimeoutMs = 500 } = options
  const shared: ConnectionOptions = {
    connectionName: `${namespace}-${owner}`,
    socketTimeout: deadConnectionMs,
  }
  const client = connectRedis(url, { ...shared, ...requestPath(commandTimeoutMs) }, log)
  const subscriber = createRedisSubscriber({
    connect: () => connectRedis(url, { ...shared, maxRetriesPerRequest: null }, log),
    patienceMs: commandTimeoutMs,
    log,
  })
  await whenReady(client, connectPatienceMs)
  return redisCache(client, subscriber, `${namespace}:${owner}:`)
}

/** A request never waits for a reconnect, and nothing is sent twice: a late write would be a wrong one. */
function requestPath(commandTimeout: number): ConnectionOptions {
  return {
    commandTimeout,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: true,
    scripts: { take: { lua: takeScript, numberOfKeys: 1 } },
  }
}

function redisCache(client: Redis, subscriber: RedisSubscriber, prefix: string): Cache {
  const keyOf = (kind: 'value' | 'window', key: CacheKey) => {
    checkKey(key)
    return `${prefix}${kind}:${key.name}`
  }
  const channelName = (channel: string) => `${namespace}:${channel}`
  return {
    async get(key) {
      return answer(client.get(keyOf('value', key)))
    },
    async set(key, value, ttlMs) {
      checkTtl(key, ttlMs)
      await answer(client.set(keyOf('value', key), value, 'PX', ttlMs))
    },
    async delete(key) {
      // Two commands: in a cluster the keys may live on different nodes.
      await answer(Promise.all([client.unlink(keyOf('value', key)), client.unlink(keyOf('window', key))]))
    },
    async take(key, limit) {
      checkLimit(key, limit)
      const reply = await answer(client.take(keyOf('window', key), limit.limit, limit.windowMs))
      const [allowed, remaining, retryAfterMs] = reply
      return { allowed: allowed === 1, remaining, retryAfterMs }
    },
    async publish(channel, message) {
      await answer(client.publish(channelName(channel), message))
    },
    subscribe: (channel, onMessage) => subscriber.subscribe(channelName(channel), onMessage),
    status: () => (client.status === 'ready' ? 'up' : 'down'),
    async [Symbol.asyncDispose]() {
      await subscriber[Symbol.asyncDispose]()
      await client.quit().catch(() => client.disconnect())
    },
  }
}

async function answer<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw new CacheUnavailableError(error)
  }
}
