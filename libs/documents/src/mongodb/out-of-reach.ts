import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb'

/**
 * Answers of a server that is going, coming, full or too slow, by the names of MongoDB's error codes: HostUnreachable,
 * HostNotFound, LockTimeout, MaxTimeMSExpired, WriteConcernTimeout, NetworkTimeout, ShutdownInProgress,
 * WriteConcernFailed (not satisfied), WriteConflict, FailedToSatisfyReadPreference, ReadConcernMajorityNotAvailableYet,
 * PrimarySteppedDown, NoSuchTransaction, ExceededTimeLimit, SocketException, NotWritablePrimary,
 * InterruptedAtShutdown, Interrupted, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk,
 * NotPrimaryOrSecondary, OutOfDiskSpace.
 */
const unavailableCodes = new Set<unknown>([
  6, 7, 24, 50, 64, 89, 91, 100, 112, 133, 134, 189, 251, 262, 9001, 10107, 11600, 11601, 11602, 13435, 13436,
  14031,
])

/** Whether the store did not answer, or said that it cannot just now; a write may have been made all the same. */
export function isOutOfReach(error: unknown): boolean {
  const cause = causeOf(error)
  if (cause instanceof MongoBulkWriteError && cause.result.getWriteConcernError()) return true
  if (isConnectionLost(cause)) return true
  if (cause instanceof MongoServerError) return unavailableCodes.has(cause.code)
  return cause instanceof MongoServerSelectionError || isPoolExhausted(cause)
}

/** The driver lets what a socket threw while it was written to through as it is. */
const socketErrors =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_DESTROYED)$/

/** Whether the connection went while a command was under way. */
export function isConnectionLost(error: unknown): boolean {
  const cause = causeOf(error)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return (
    socketErrors.test(code) ||
    cause instanceof MongoNetworkError ||
    cause instanceof MongoNotConnectedError ||
    cause instanceof MongoTopologyClosedError ||
    cause instanceof MongoClientClosedError
  )
}

/** The driver does not export this class. */
const isPoolExhausted = (error: unknown) =>
  error instanceof MongoError && error.name === 'MongoWaitQueueTimeoutError'

/** A bulk write wraps what the connection threw as if the server had said it. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error
  const cause: unknown = error.errorResponse
  return cause instanceof Error ? cause : error
}
