/** What a contender does over and over. */
export interface Work extends AsyncDisposable {
  once(): Promise<void>
}

export interface Place {
  /** Of the engine, or of a directory. */
  url: string
  /** Of the service's PostgreSQL, which the documents of every engine have beside them. */
  databaseUrl: string
}

export type OpenWork = (place: Place) => Promise<Work>

/** The same work by the adapter and by its driver alone. */
export interface Pair {
  ours: OpenWork
  bare: OpenWork
}

/** Prepares what a read reads. */
export const keys = Array.from({ length: 200 }, (_, index) => `bench-${index}`)

/** Answers the values in turn, for ever. */
export function inTurn<T>(values: readonly T[], none: T): () => T {
  let turn = 0
  return () => values[turn++ % values.length] ?? none
}
