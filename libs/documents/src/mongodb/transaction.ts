import { setTimeout as delay } from 'node:timers/promises'
import { type ClientSession, type MongoClient, MongoError } from 'mongodb'
import { isConnectionLost } from './out-of-reach.ts'

/** What the work of a transaction ended in; nothing stays of one that is not to be committed. */
export interface Verdict<T> {
  commit: boolean
  value: T
}

interface Transaction<T> {
  /** May run several times. */
  work(session: ClientSession): Promise<Verdict<T>>
  /** Whether an earlier run was committed after all, and its value. */
  recall(): Promise<T | null>
  /** When to give up, in milliseconds since 1970. */
  deadline: number
}

const firstPauseMs = 4
const longestPauseMs = 250

/**
 * Runs work in one transaction, again while rivals or a lost connection undo it. Gives up at the deadline with the
 * last error; then whether it was committed is unknown.
 */
export async function inTransaction<T>(client: MongoClient, transaction: Transaction<T>): Promise<T> {
  for (let pauseMs = firstPauseMs, isUnsure = false; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      const known = isUnsure ? await transaction.recall() : null
      return known ?? (await runOnce(client, transaction))
    } catch (error) {
      isUnsure ||= error instanceof CommitUnknown
      if (Date.now() > transaction.deadline || !isWorthRepeating(error)) throw rootOf(error)
      await delay(pauseMs * (0.5 + Math.random()))
    }
  }
}

/** The connection broke while the transaction was being committed. */
class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
}

const rootOf = (error: unknown) => (error instanceof CommitUnknown ? error.cause : error)

function isWorthRepeating(error: unknown): boolean {
  return (
    error instanceof CommitUnknown || isConnectionLost(error) || hasLabel(error, 'TransientTransactionError')
  )
}

const hasLabel = (error: unknown, label: string) => error instanceof MongoError && error.hasErrorLabel(label)

async function runOnce<T>(client: MongoClient, { work, deadline }: Transaction<T>): Promise<T> {
  await using session = client.startSession()
  session.startTransaction({ readConcern: { level: 'snapshot' } })
  const { commit, value } = await work(session)
  if (commit) await commitUntil(session, deadline)
  else await session.abortTransaction()
  return value
}

/** Committing again is safe; what the server no longer knows was either committed or undone. */
async function commitUntil(session: ClientSession, deadline: number): Promise<void> {
  for (let isUnsure = false; ; ) {
    try {
      await session.commitTransaction()
      return
    } catch (error) {
      const isLost = hasLabel(error, 'UnknownTransactionCommitResult') || isConnectionLost(error)
      isUnsure ||= isLost
      if (isLost && Date.now() < deadline) await delay(longestPauseMs)
      else throw isUnsure ? new CommitUnknown('the commit was not answered', { cause: error }) : error
    }
  }
}
