import type { Cache, CacheOptions, Limit } from './cache.ts'
import { CacheUnavailableError } from './errors.ts'
import { MemoryStore } from './memory-store.ts'
import { checkKey, checkLimit, checkTtl } from './rules.ts'

const shared = new Map<string, { store: MemoryStore; users: number }>()

/** `memory:name` is one store for everybody in this process who opens that name; `memory:` is a store of its own. */
export function openMemoryCache(name: string, options: CacheOptions): Cache {
  if (name === '') {
    const store = new MemoryStore()
    return memoryCache(store, options, () => store.close())
  }
  const entry = shared.get(name) ?? { store: new MemoryStore(), users: 0 }
  shared.set(name, entry)
  entry.users += 1
  return memoryCache(entry.store, options, () => {
    entry.users -= 1
    if (entry.users > 0) return
    shared.delete(name)
    entry.store.close()
  })
}

export function memoryCache(store: MemoryStore, { owner, log }: CacheOptions, close: () => void): Cache {
  const leaving = new Set<() => void>()
  let open = true
  const ofOwner = (key: string) => {
    checkKey(key)
    requireOpen()
    return `${owner}:${key}`
  }
  const requireOpen = () => {
    if (!open) throw new CacheUnavailableError(new Error('This cache was closed'))
  }
  return {
    async get(key: string) {
      return store.get(ofOwner(key))
    },
    async set(key: string, value: string, ttlMs: number) {
      checkTtl(ttlMs)
      store.set(ofOwner(key), value, ttlMs)
    },
    async delete(key: string) {
      store.delete(ofOwner(key))
    },
    async take(key: string, limit: Limit) {
      checkLimit(limit)
      return store.take(ofOwner(key), limit)
    },
    async publish(channel: string, message: string) {
      requireOpen()
      setImmediate(() => store.subscriptions.deliver(channel, message))
    },
    async subscribe(channel: string, onMessage: (message: string) => void) {
      requireOpen()
      const leave = store.subscriptions.add(channel, onMessage, log)
      leaving.add(leave)
      return {
        async [Symbol.asyncDispose]() {
          leaving.delete(leave)
          leave()
        },
      }
    },
    status: () => (open ? 'up' : 'down'),
    async [Symbol.asyncDispose]() {
      if (!open) return
      open = false
      for (const leave of leaving) leave()
      close()
    },
  }
}
