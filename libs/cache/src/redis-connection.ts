import { Redis, type RedisOptions } from 'ioredis'
import type { CacheLog } from './cache.ts'
import { withoutCommand } from './errors.ts'

export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>

/** Connects and reconnects by itself; says once per outage what is wrong. */
export function connectRedis(url: string, options: ConnectionOptions, log: CacheLog | undefined): Redis {
  const client = new Redis(url, options)
  let reported = false
  client.on('error', (error: Error) => {
    if (!reported) log?.warn({ err: withoutCommand(error) }, 'cache connection failed, trying again')
    reported = true
  })
  client.on('ready', () => {
    reported = false
  })
  return client
}

/** Resolves when the connection can be used, or after `patienceMs` without one. */
export async function whenReady(client: Redis, patienceMs: number): Promise<void> {
  if (client.status === 'ready') return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, patienceMs)
  client.once('ready', resolve)
  await promise
  clearTimeout(timer)
  client.off('ready', resolve)
}
