import type { CacheKey } from './cache-key.ts'

/** What one call to `take` decided. `retryAfterMs` is 0 when allowed. */
export interface Taken {
  allowed: boolean
  remaining: number
  retryAfterMs: number
}

/** At most `limit` takes in any period of `windowMs`. */
export interface Limit {
  limit: number
  windowMs: number
}

/** Answers of a cache that is out of reach reject with CacheUnavailableError; the caller decides what then. */
export interface Cache extends AsyncDisposable {
  /** The value, or null when it is absent or expired. */
  get(key: CacheKey): Promise<string | null>
  /** Stores the value for `ttlMs` milliseconds: an integer from 1 to what the key declares, so that every key expires. */
  set(key: CacheKey, value: string, ttlMs: number): Promise<void>
  /** Forgets the value and the window of the key. */
  delete(key: CacheKey): Promise<void>
  /**
   * Takes one place in the sliding window of `key`, atomically.
   * Never more than `limit` in any window; a place may come back up to a twentieth of the window late.
   */
  take(key: CacheKey, limit: Limit): Promise<Taken>
  /** Sends to everybody subscribed at this moment, in every process. Nothing is kept for later. */
  publish(channel: string, message: string): Promise<void>
  /**
   * Calls `onMessage` for every message until disposed. Resolves when the subscription is live;
   * without a connection it resolves at once and becomes live with the connection.
   * What is published during a lost connection is missed.
   */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<AsyncDisposable>
  status(): 'up' | 'down'
}

/** The part of a logger that the cache uses (pino's shape). */
export interface CacheLog {
  warn(fields: object, message: string): void
}

export interface CacheOptions {
  /** Keys of one owner are invisible to the others. Channels are shared by all owners. */
  owner: string
  log?: CacheLog
  /** Longest wait for an answer, in milliseconds (default 500). */
  commandTimeoutMs?: number
}
