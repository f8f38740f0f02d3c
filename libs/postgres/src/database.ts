import type pg from 'pg'
import type { Query } from './sql.ts'

/** Where statements run: the pool (each on its own) or one open transaction. */
export interface Tx {
  /** All rows. `bigint` columns are numbers (an unsafe one throws), `timestamptz` a Date, `date` and `numeric` text. */
  query<T>(query: Query): Promise<T[]>
  /** The only row, or null; throws when there are more. */
  one<T>(query: Query): Promise<T | null>
  /** How many rows the statement touched. */
  run(query: Query): Promise<number>
}

export interface PoolStats {
  total: number
  idle: number
  /** Callers that wait for a connection. */
  waiting: number
}

export interface TransactionOptions {
  /** Statements take as long as they need, as indexes and locks do. */
  patient?: boolean
}

export interface Database extends Tx, AsyncDisposable {
  readonly pool: pg.Pool
  /** Runs `work` in one READ COMMITTED transaction; a throw rolls back. Nothing is retried. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * Calls `onNotify` for each NOTIFY on the channel, and once after each reconnect, since what was
   * notified in between is lost. Holds a connection of its own.
   */
  listen(channel: string, onNotify: () => void): Promise<AsyncDisposable>
  /**
   * Runs `work` while this process holds the named lock of the database; null when another holds it.
   * The lock ends with its connection: when that dies, the signal aborts and `work` must stop.
   */
  withLock<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null>
  stats(): PoolStats
}
