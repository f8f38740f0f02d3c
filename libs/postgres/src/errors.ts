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
