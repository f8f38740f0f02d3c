import type { Tx } from '@sandkeep/postgres'
import type { Layout } from './definition.ts'
import type { Collection, Document } from './documents.ts'
import type { Shapes } from './shape/shape.ts'
import type { Validate } from './validator.ts'

/** What an engine must offer; the rest is the same for all of them. */
export interface Adapter extends AsyncDisposable {
  /** Gives work the engine's collections; the transaction keeps every other process from them. */
  withShapes<R>(tx: Tx, work: (shapes: Shapes) => Promise<R>): Promise<R>
  /** A collection that was made before. */
  open<T extends Document>(layout: Layout, validate: Validate): Collection<T>
}
