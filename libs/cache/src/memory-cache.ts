import type { Cache, CacheOptions } from './cache.ts'
import type { CacheKey } from './cache-key.ts'
import { CacheUnavailableError } from './errors.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'
import { checkKey, checkLimit, checkTtl } from './rules.ts'

const shared = new Map<string, { store: MemoryStore; users: number }>()

/** `memory:name` is one store for everybody in this process who opens that name; `memory:` is a store of its own. */
export function openMemoryCache(name: string, options: CacheOptions): Cache {
  if (name === '') {
    const store = createMemoryStore()
    return memoryCache(store, options, () => store.close())
  }
  const entry = shared.get(name) ?? { store: createMemoryStore(), users: 0 }
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
  const ofOwner = (key: CacheKey) => {
    checkKey(key)
    requireOpen()
    return `${owner}:${key.name}`
  }
  const requireOpen = () => {
    if (!open) throw new CacheUnavailableError(new Error('This cache was closed'))
  }
  return {
    async get(key) {
      return store.get(ofOwner(key))
    },
    async set(key, value, ttlMs) {
      checkTtl(key, ttlMs)
      store.set(ofOwner(key), value, ttlMs)
    },
    async delete(key) {
      store.delete(ofOwner(key))
    },
    async take(key, limit) {
      checkLimit(key, limit)
      return store.take(ofOwner(key), limit)
    },
    async publish(channel, message) {
      requireOpen()
      setImmediate(() => store.subscriptions.deliver(channel, message))
    },
    async subscribe(channel, onMessage) {
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
