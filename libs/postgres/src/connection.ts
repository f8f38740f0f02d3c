import pg from 'pg'

export interface ConnectionOptions {
  url: string
  applicationName: string
  /** How long one statement may take. */
  statementTimeoutMs?: number
}

const connectTimeoutMs = 3_000
const defaultStatementTimeoutMs = 4_000
const answerGraceMs = 500
const idleInTransactionTimeoutMs = 10_000

/** What every connection is opened with, pooled or not. */
export function connectionConfig(options: ConnectionOptions): pg.ClientConfig {
  const { statementTimeoutMs = defaultStatementTimeoutMs } = options
  return {
    connectionString: withUtc(options.url),
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // The server cuts a statement short; a server that is gone without a word does not.
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + answerGraceMs }),
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

const { INT8, DATE, TIMESTAMP, TIMESTAMPTZ } = pg.types.builtins
const parseAnyTime: (text: string) => unknown = pg.types.getTypeParser(TIMESTAMPTZ)

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, format)
    if (oid === INT8) return parseInteger
    // The driver would read both in the time zone of this process.
    if (oid === DATE || oid === TIMESTAMP) return (text: string) => text
    if (oid === TIMESTAMPTZ) return parseTime
    return pg.types.getTypeParser(oid, format)
  },
}

// Sessions run in UTC, so nearly every time is one that the engine reads much faster than the driver does; it says
// NaN to infinity, to years before Christ and to those of five digits.
function parseTime(text: string): unknown {
  const time = text.endsWith('+00') ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : Number.NaN
  return Number.isNaN(time) ? parseAnyTime(text) : new Date(time)
}

function parseInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError(`${text} is too large for a number: select it as text`)
}
