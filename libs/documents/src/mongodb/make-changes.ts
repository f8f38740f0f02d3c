import type { ClientSession, ObjectId } from 'mongodb'
import type { ChangeResult } from '../documents.ts'
import { type Operation, type Rows, writtenBy } from './rows.ts'
import { inTransaction, type Verdict } from './transaction.ts'
import { isDuplicate, writeErrorOf } from './write-errors.ts'

/** Makes all of the operations or none. The rows that it writes carry `write`. */
export async function makeChanges(
  rows: Rows,
  operations: readonly Operation[],
  write: ObjectId,
): Promise<ChangeResult> {
  const written = operations.flatMap(idOfWritten)
  const recall = async (): Promise<ChangeResult | null> =>
    (await writtenBy(rows, written, write)).size > 0 ? { applied: true } : null
  const transact = (work: (session: ClientSession) => Promise<Verdict<ChangeResult>>) =>
    inTransaction<ChangeResult>(rows.client, {
      work,
      recall,
      deadline: Date.now() + rows.timeoutMs,
    })
  const result = await transact((session) => atOnce(rows, operations, session))
  // The answer to many does not tell which one failed: that takes them one by one.
  const exact = result.applied ? result : await transact((session) => oneByOne(rows, operations, session))
  // What it was refused for may be its own: a commit that was not answered, and came through while it ran again.
  return exact.applied ? exact : ((await recall()) ?? exact)
}

async function atOnce(
  { store }: Rows,
  operations: readonly Operation[],
  session: ClientSession,
): Promise<Verdict<ChangeResult>> {
  const replacements = operations.filter((it) => 'replaceOne' in it).length
  try {
    const { matchedCount } = await store.bulkWrite(operations, { session, ordered: true })
    if (matchedCount === replacements) return { commit: true, value: { applied: true } }
  } catch (error) {
    if (!isDuplicate(error)) throw writeErrorOf(error, store.collectionName)
  }
  return { commit: false, value: { applied: false, failedAt: 0 } }
}

async function oneByOne(
  rows: Rows,
  operations: readonly Operation[],
  session: ClientSession,
): Promise<Verdict<ChangeResult>> {
  for (const [failedAt, operation] of operations.entries()) {
    const { commit } = await atOnce(rows, [operation], session)
    if (!commit) return { commit, value: { applied: false, failedAt } }
  }
  return { commit: true, value: { applied: true } }
}

function idOfWritten(operation: Operation): string[] {
  if ('insertOne' in operation) return [operation.insertOne.document._id]
  return 'replaceOne' in operation ? [String(operation.replaceOne.replacement['_id'])] : []
}
