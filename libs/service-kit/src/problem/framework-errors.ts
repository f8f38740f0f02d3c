import { isUnavailable } from '@sandkeep/postgres'
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

const jsonMalformed = () =>
  new DomainError({
    kind: 'malformed',
    code: 'json_malformed',
    message: 'The body is not valid JSON, or holds a forbidden key such as __proto__.',
  })

const known: Record<string, () => DomainError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new DomainError({
      kind: 'too_large',
      code: 'body_too_large',
      message: 'The body is larger than this route takes.',
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new HttpError(415, {
      kind: 'malformed',
      code: 'media_type_not_supported',
      message: 'This route does not take that Content-Type; JSON is sent as application/json.',
    }),
  FST_ERR_CTP_INVALID_JSON_BODY: jsonMalformed,
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    new DomainError({
      kind: 'malformed',
      code: 'body_missing',
      message: 'The Content-Type says JSON, but there is no body.',
    }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new DomainError({
      kind: 'malformed',
      code: 'content_length_wrong',
      message: 'The body is not as long as Content-Length says.',
    }),
  FST_ERR_BAD_URL: () =>
    new DomainError({
      kind: 'malformed',
      code: 'url_malformed',
      message: 'The address cannot be decoded.',
    }),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new HttpError(414, {
      kind: 'malformed',
      code: 'url_too_long',
      message: 'A part of the address is too long.',
    }),
  FST_ERR_HANDLER_TIMEOUT: () =>
    new DomainError({
      kind: 'unavailable',
      code: 'timed_out',
      message: 'This took too long and was given up; it is safe to try again with the same Idempotency-Key.',
      retryAfterSeconds: 1,
    }),
}

/** What the HTTP parser throws before there is a request. */
export function connectionError(code: string): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpError(431, {
      kind: 'too_large',
      code: 'headers_too_large',
      message: 'The headers of the request are larger than 16 KiB.',
    })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpError(408, {
      kind: 'unavailable',
      code: 'request_too_slow',
      message: 'The request did not arrive in time.',
    })
  return new DomainError({
    kind: 'malformed',
    code: 'http_malformed',
    message: 'This is not a well-formed HTTP request.',
  })
}

class StoreUnavailableError extends DomainError {
  override readonly name = 'StoreUnavailableError'
  constructor(cause: Error) {
    super(
      {
        kind: 'unavailable',
        code: 'store_unavailable',
        message:
          'A store that this needs does not answer just now. Try again shortly, with the same Idempotency-Key or If-Match: what was done is not done twice.',
        retryAfterSeconds: 2,
      },
      { cause },
    )
  }
}

// Prisma: cannot reach, timed out, connection closed, no connection of the pool in time.
const prismaUnavailable = /^(P1001|P1002|P1008|P1017|P2024)$/

/** What Fastify, the JSON parser or an engine out of reach throws, as something a caller can act on; null when unexpected. */
export function frameworkError(error: unknown): DomainError | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const make = known[code]
  if (make) return make()
  if (isStoreUnavailable(error, code)) return new StoreUnavailableError(error)
  if (error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400)
    return jsonMalformed()
  return null
}

function isStoreUnavailable(error: Error, code: string): boolean {
  return isUnavailable(error) || prismaUnavailable.test(code) || error.name.endsWith('UnavailableError')
}
