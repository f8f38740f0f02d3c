import pg from 'pg'

const uniqueViolation = '23505'
const foreignKeyViolation = '23503'
const checkViolation = '23514'
const notNullViolation = '23502'

/** Whether PostgreSQL refused a duplicate; of this constraint or unique index, when one is named. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  violates(error, uniqueViolation, constraint)

export const isForeignKeyViolation = (error: unknown, constraint?: string): boolean =>
  violates(error, foreignKeyViolation, constraint)

export const isCheckViolation = (error: unknown, constraint?: string): boolean =>
  violates(error, checkViolation, constraint)

/** Whether PostgreSQL refused a row for want of a value in this column. */
export const isNotNullViolation = (error: unknown, column: string): boolean =>
  violates(error, notNullViolation, undefined) && error instanceof pg.DatabaseError && error.column === column

function violates(error: unknown, code: string, constraint: string | undefined): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== code) return false
  return constraint === undefined || error.constraint === constraint
}

// Shutting down or starting, out of resources, statement or lock timeout, connection errors.
const unavailableState = /^(57P0[1-3]|53...|57014|55P03|08...)$/
const networkUnavailable =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/
// No connection of the pool in time, one that broke or gave no answer, and the next use of one that broke.
const connectionLost =
  /timeout exceeded when trying to connect|^timeout expired$|Connection terminated|Query read timeout|is not queryable/i

/** Whether PostgreSQL is out of reach, overloaded or full; what was asked of it may have been done all the same. */
export function isUnavailable(error: unknown): boolean {
  return isConnectionLost(error) || unavailableState.test(codeOf(error))
}

/** Whether the connection gave no answer, not even that of being refused. */
export function isConnectionLost(error: unknown): boolean {
  return (
    error instanceof Error && (networkUnavailable.test(codeOf(error)) || connectionLost.test(error.message))
  )
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
