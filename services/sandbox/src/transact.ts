import type { Tx } from '@sandkeep/postgres'

/**
 * Runs work in one transaction. Routes hand one in that also stores the answer under the request's idempotency key,
 * and that answers from there when the request comes again.
 */
export type Transact<T, R = T> = (work: (tx: Tx) => Promise<T>) => Promise<R>
