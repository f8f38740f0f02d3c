import { setTimeout as delay } from 'node:timers/promises'
import type { Revocation, RevocationList } from './revocation-list.ts'

export interface RevocationFeed extends AsyncDisposable {
  /** Whether identity's list was read once. */
  isLoaded(): boolean
  /** Milliseconds since identity last answered; infinite before it ever did. */
  silentForMs(): number
}

export interface FeedOptions {
  list: RevocationList
  /** Asks identity for what was revoked at or after `since` (epoch ms; null asks for all that still matter). */
  fetchSince: (since: number | null, signal: AbortSignal) => Promise<Revocation[]>
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void }
  pollMs?: number
}

// Revocations commit out of order: one with an earlier time may become visible after a later one was read.
const overlapMs = 15_000

/** Keeps the list current by asking identity, so that a revocation takes effect with every bus and cache down. */
export function startRevocationFeed(options: FeedOptions): RevocationFeed {
  const { list, fetchSince, log, pollMs = 500 } = options
  const stop = new AbortController()
  let newest: number | null = null
  let heardAt: number | null = null
  let failing = false

  async function poll(): Promise<void> {
    const askedAt = performance.now()
    const since = newest === null ? null : newest - overlapMs
    const revocations = await fetchSince(since, stop.signal)
    list.add(revocations)
    list.sweep(Date.now())
    for (const { revokedAt } of revocations) newest = Math.max(newest ?? 0, revokedAt)
    heardAt = askedAt
  }

  async function pollOnce(): Promise<void> {
    try {
      await poll()
      if (failing) log.info({}, 'identity answers about revocations again')
      failing = false
    } catch (error) {
      if (stop.signal.aborted) return
      if (!failing) log.warn({ err: error }, 'identity does not answer about revocations')
      failing = true
    }
  }

  async function pollForever(): Promise<void> {
    while (!stop.signal.aborted) {
      await pollOnce()
      await delay(pollMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  const polling = pollForever()
  return {
    isLoaded: () => heardAt !== null,
    silentForMs: () => (heardAt === null ? Number.POSITIVE_INFINITY : performance.now() - heardAt),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await polling
    },
  }
}
