import { isConnectionLost } from '@sandkeep/postgres'

/** Thrown by a handler when trying again cannot help: the event goes to the dead letters at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
}

const temporaryCodes = new Set([
  '53300', // too many connections
  '57P01',
  '57P02',
  '57P03', // shutting down, crashed, starting up
  '40001',
  '40P01', // lost a race against another transaction
])

/**
 * Whether the database failed rather than the handler. Such a failure says nothing about the event, so it is not
 * counted against it: the consumer waits until the database is back.
 */
export function isTemporaryDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (temporaryCodes.has(code) || code.startsWith('08')) return true
  return isConnectionLost(error)
}

/** The reason by which a dead letter or a log line names an error: one line, at most 500 characters. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replaceAll(/\s+/g, ' ').slice(0, 500)
}
