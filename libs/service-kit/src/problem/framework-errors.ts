import { DomainError, type DomainErrorFacts } from './domain-error.ts'

/** An error of the HTTP layer itself, whose status is not that of its kind. */
export class HttpError extends DomainError {
  override readonly name: string = 'HttpError'
  readonly status: number

  constructor(status: number, facts: DomainErrorFacts) {
    super(facts)
    this.status = status
  }
}

const malformed = (code: string, message: string) => new HttpError(400, { kind: 'malformed', code, message })

const known: Record<string, () => DomainError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => tooLarge(),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new HttpError(415, {
      kind: 'malformed',
      code: 'media_type_not_supported',
      message: 'This route does not take that Content-Type; JSON is sent as application/json.',
    }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => malformed('json_malformed', 'The body is not valid JSON.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    malformed('body_missing', 'The Content-Type says JSON, but there is no body.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    malformed('content_length_wrong', 'The body is not as long as Content-Length says.'),
  FST_ERR_BAD_URL: () => malformed('url_malformed', 'The address cannot be decoded.'),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new HttpError(414, {
      kind: 'malformed',
      code: 'url_too_long',
      message: 'A part of the address is too long.',
    }),
  FST_ERR_HANDLER_TIMEOUT: () => new DomainError(timedOut),
}

const timedOut: DomainErrorFacts = {
  kind: 'unavailable',
  code: 'timed_out',
  message: 'This took too long and was given up; it is safe to try again with the same Idempotency-Key.',
  retryAfterSeconds: 1,
}

// PostgreSQL: admin shutdown, cannot connect now, too many connections, statement or lock timeout, connection errors.
const databaseUnavailable = /^(57P0[1-3]|53300|57014|55P03|08...|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/
const poolTimeout = /timeout exceeded when trying to connect|Connection terminated/

/** What Fastify, the JSON parser or an engine out of reach throws, as something a caller can act on; null when unexpected. */
export function frameworkError(error: unknown): DomainError | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const make = known[code]
  if (make) return make()
  if (isUnavailable(error, code)) return unavailable()
  if (error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400)
    return malformed(
      'json_malformed',
      'The body is not valid JSON, or holds a forbidden key such as __proto__.',
    )
  return null
}

function isUnavailable(error: Error, code: string): boolean {
  return (
    databaseUnavailable.test(code) ||
    poolTimeout.test(error.message) ||
    error.name.endsWith('UnavailableError')
  )
}

export function tooLarge(): DomainError {
  return new DomainError({
    kind: 'too_large',
    code: 'body_too_large',
    message: 'The body is larger than this route takes.',
  })
}

function unavailable(): DomainError {
  return new DomainError({
    kind: 'unavailable',
    code: 'store_unavailable',
    message: 'A store that this needs does not answer just now. Nothing was changed; try again shortly.',
    retryAfterSeconds: 2,
  })
}
