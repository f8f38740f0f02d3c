import type { CacheLog } from './cache.ts'

type OnMessage = (message: string) => void

/** Who listens to which channel. */
export interface Subscriptions {
  /** Returns how to leave again; `last` tells whether the channel has no listener left. */
  add(channel: string, onMessage: OnMessage, log: CacheLog | undefined): () => { last: boolean }
  /** A listener that throws is logged and disturbs nobody else. */
  deliver(channel: string, message: string): void
}

export function createSubscriptions(): Subscriptions {
  const channels = new Map<string, Set<OnMessage>>()
  return {
    add(channel, onMessage, log) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners)
      const listener = guarded(channel, onMessage, log)
      listeners.add(listener)
      return () => {
        const last = listeners.delete(listener) && listeners.size === 0
        if (last) channels.delete(channel)
        return { last }
      }
    },
    deliver(channel, message) {
      for (const listener of channels.get(channel) ?? []) listener(message)
    },
  }
}

function guarded(channel: string, onMessage: OnMessage, log: CacheLog | undefined): OnMessage {
  return (message) => {
    try {
      onMessage(message)
    } catch (error) {
      log?.warn({ err: error, channel }, 'cache subscriber failed')
    }
  }
}
