import type { CacheLog } from './cache.ts'

type OnMessage = (message: string) => void

/** Who listens to which channel. A listener that throws is logged and disturbs nobody else. */
export class Subscriptions {
  readonly #channels = new Map<string, Set<OnMessage>>()

  get channels(): string[] {
    return [...this.#channels.keys()]
  }

  /** Returns how to leave again; `last` tells whether the channel has no listener left. */
  add(channel: string, onMessage: OnMessage, log: CacheLog | undefined): () => { last: boolean } {
    const listeners = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, listeners)
    const listener = guarded(channel, onMessage, log)
    listeners.add(listener)
    return () => {
      const last = listeners.delete(listener) && listeners.size === 0
      if (last) this.#channels.delete(channel)
      return { last }
    }
  }

  deliver(channel: string, message: string): void {
    for (const listener of this.#channels.get(channel) ?? []) listener(message)
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
