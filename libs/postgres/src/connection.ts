import pg from 'pg'

export interface ConnectionOptions {
  url: string
  applicationName: string
  /** How long one statement may take. */
  statementTimeoutMs?: number
}

const connectTimeoutMs = 1_000
const defaultStatementTimeoutMs = 4_000
const idleInTransactionTimeoutMs = 10_000

/** What every connection is opened with, pooled or not. */
export function connectionConfig(options: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: withUtc(options.url),
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs ?? defaultStatementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    types,
  }
}

/**
 * Sets the session's time zone, whatever the role or database defaults to: Prisma's driver adapter reads
 * timestamps as if they were written in UTC. Other options of the URL stay.
 */
function withUtc(url: string): string {
  const parsed = parseUrl(url)
  const options = parsed.searchParams.get('options')
  parsed.searchParams.set('options', [options, '-c TimeZone=UTC'].filter(Boolean).join(' '))
  return parsed.href
}

/** Like `new URL`, with an error that does not repeat the password. */
export function parseUrl(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed?.protocol === 'postgres:' || parsed?.protocol === 'postgresql:') return parsed
  throw new Error('a PostgreSQL URL must look like postgresql://user:password@host:5432/database')
}

const { INT8, DATE, TIMESTAMP } = pg.types.builtins

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, format)
    if (oid === INT8) return parseInteger
    // The driver would read both in the time zone of this process.
    if (oid === DATE || oid === TIMESTAMP) return (text: string) => text
    return pg.types.getTypeParser(oid, format)
  },
}

function parseInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`${text} is too large for a number: select it as text`)
}
