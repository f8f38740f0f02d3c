import { MongoBulkWriteError, MongoServerError } from 'mongodb'
import { DocumentInvalidError } from '../errors.ts'

const duplicateKey = 11_000
const validationFailed = 121

/** Whether a document's id or unique key was taken. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey
}

/** The rows that an unordered insert refused as duplicates. Throws on where it was refused, or broke, for another reason. */
export function refusedRows(error: unknown, collection: string): number[] {
  const errors = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : []
  if (errors.some((it) => it.code === validationFailed)) throw refusedByStore(collection)
  const isOther = errors.length === 0 || errors.some((it) => it.code !== duplicateKey)
  const isUnsure = error instanceof MongoBulkWriteError && error.result.getWriteConcernError() !== undefined
  if (isOther || isUnsure) throw error
  return errors.map((it) => it.index)
}

/** The error, unless the server says with it that its own rules refuse a document. */
export function writeErrorOf(error: unknown, collection: string): unknown {
  const isRefused = error instanceof MongoServerError && error.code === validationFailed
  return isRefused ? refusedByStore(collection) : error
}

/** Somebody gave the store rules that the definition does not have, as a newer release does. */
function refusedByStore(collection: string): DocumentInvalidError {
  const message = 'is refused by the rules that the store has for this collection'
  return new DocumentInvalidError(collection, [{ pointer: '', code: 'refused_by_store', message }])
}
