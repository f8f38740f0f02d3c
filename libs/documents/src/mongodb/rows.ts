import type { AnyBulkWriteOperation, Collection, Filter, MongoClient, ObjectId } from 'mongodb'
import type { Stored } from './stored.ts'
import { refusedRows } from './write-errors.ts'

/** The rows of one collection, and what a command to them may take. */
export interface Rows {
  client: MongoClient
  store: Collection<Stored>
  timeoutMs: number
  limits: { maxTimeMS: number }
}

export function openRows(client: MongoClient, database: string, name: string, timeoutMs: number): Rows {
  const store = client.db(database).collection<Stored>(name)
  return { client, store, timeoutMs, limits: { maxTimeMS: timeoutMs } }
}

export type Operation = AnyBulkWriteOperation<Stored>

/** Inserts rows of one write; the ids of those whose id or unique key another document has. */
export async function insertRows(
  rows: Rows,
  documents: readonly Stored[],
  write: ObjectId,
): Promise<Set<string>> {
  try {
    await rows.store.insertMany(documents, { ordered: false, ...rows.limits })
    return new Set()
  } catch (error) {
    const refused = new Set(refusedRows(error, rows.store.collectionName).map((i) => documents[i]?._id ?? ''))
    return refused.difference(await writtenBy(rows, [...refused], write))
  }
}

/**
 * Which of the documents are there as this write left them. A server that died after a write may have forgotten, when
 * the driver repeats it, that it was made, and then takes the write for its own rival.
 */
export async function writtenBy(rows: Rows, ids: readonly string[], write: ObjectId): Promise<Set<string>> {
  const filter = { _id: { $in: [...ids] }, _write: write }
  const found = await rows.store.find(filter, { ...rows.limits, projection: { _id: 1 } }).toArray()
  return new Set(found.map((row) => row._id))
}

/** Each on its own: the driver repeats that when the connection breaks, a deletion of many it does not. */
export async function deleteEach(
  rows: Rows,
  ids: Iterable<string>,
  condition: Filter<Stored>,
): Promise<number> {
  const operations = Array.from(ids, (_id): Operation => ({ deleteOne: { filter: { _id, ...condition } } }))
  if (operations.length === 0) return 0
  const { deletedCount } = await rows.store.bulkWrite(operations, { ordered: false, ...rows.limits })
  return deletedCount
}
