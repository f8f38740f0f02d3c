/** Thrown by a handler when trying again cannot help: the event goes to the dead letters at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}

const temporaryCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too many connections
  '57P01',
  '57P02',
  '57P03', // shutting down, crashed, starting up
  '40001',
  '40P01', // lost a race against another transaction
])

// The driver's own errors have no code: a connection that broke, that had broken before, or that could not be had.
const driverErrors = /connection terminated|is not queryable|timeout exceeded when trying to connect/i

/**
 * Whether the database failed rather than the handler. Such a failure says nothing about the event, so it is not
 * counted against it: the consumer waits until the database is back.
 */
export function isTemporaryDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (temporaryCodes.has(code) || code.startsWith('08')) return true
  return driverErrors.test(error.message)
}

/** The reason by which a dead letter or a log line names an error: one line, at most 500 characters. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replaceAll(/\s+/g, ' ').slice(0, 500)
}
