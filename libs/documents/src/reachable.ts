import type { Collection, Document } from './documents.ts'
import { DocumentsUnavailableError } from './errors.ts'

export interface Reach {
  /** Longest time that a call takes, whatever the engine does. */
  timeoutMs: number
  isOutOfReach(error: unknown): boolean
}

/** The same collection, whose calls end in time and say with one error that the store is out of reach. */
export function reachable<T extends Document>(collection: Collection<T>, reach: Reach): Collection<T> {
  const call = <R>(work: () => Promise<R>) => withinReach(work, reach)
  return {
    insert: (documents) => call(() => collection.insert(documents)),
    get: (id) => call(() => collection.get(id)),
    getMany: (ids) => call(() => collection.getMany(ids)),
    range: (range) => call(() => collection.range(range)),
    replace: (document, options) => call(() => collection.replace(document, options)),
    delete: (ids) => call(() => collection.delete(ids)),
    change: (changes) => call(() => collection.change(changes)),
    purgeExpired: (limit) => call(() => collection.purgeExpired(limit)),
  }
}

/** Does the work, or throws DocumentsUnavailableError. */
async function withinReach<R>(work: () => Promise<R>, { timeoutMs, isOutOfReach }: Reach): Promise<R> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new CallTimedOut(timeoutMs)), timeoutMs)
  try {
    return await Promise.race([work(), timedOut])
  } catch (error) {
    if (error instanceof CallTimedOut || isOutOfReach(error)) throw new DocumentsUnavailableError(error)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut'

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`)
  }
}
