import { contentOf, numberOf } from './proved-store.ts'

/**
 * Three kinds of documents: a `slot` is replaced again and again, each time together with a new `entry` that has the
 * same version; those of a `batch` are inserted together and may be deleted.
 */
export interface Row {
  id: string
  version: number
  kind: 'slot' | 'entry' | 'batch'
  /** Of the slot or the batch. */
  group: string
  /** The command that wrote it. */
  by: string
  text: string
}

export const batchSize = 3
const largestText = 8_000

/** With the text that follows from who wrote it. */
export const rowOf = (row: Omit<Row, 'text'>): Row => {
  const name = `${row.id} ${row.by}`
  return { ...row, text: contentOf(name, 100 + numberOf(name, largestText)).toString('base64') }
}
