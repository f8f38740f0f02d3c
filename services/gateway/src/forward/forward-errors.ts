import { DomainError, type DomainErrorFacts, HttpError } from '@sandkeep/service-kit'

/** More bytes than the route takes. */
export class BodyTooLargeError extends DomainError {
  override readonly name = 'BodyTooLargeError'
  constructor(maxBytes: number) {
    super({
      kind: 'too_large',
      code: 'body_too_large',
      message: `The body is larger than the ${maxBytes} bytes that this route takes.`,
    })
  }
}

/** The body did not arrive in time. */
export class BodyTooSlowError extends HttpError {
  override readonly name = 'BodyTooSlowError'
  constructor(deadlineMs: number) {
    super(408, {
      kind: 'malformed',
      code: 'body_too_slow',
      message: `The body did not arrive within ${deadlineMs / 1_000} s. Send it again.`,
    })
  }
}

/** Why a service gave no answer that could be passed on. */
export class UpstreamError extends HttpError {
  override readonly name = 'UpstreamError'
  readonly failure: UpstreamFailure
  override readonly cause: unknown

  constructor(failure: UpstreamFailure, service: string, cause?: unknown) {
    const { status, code, message } = failures[failure]
    const facts: DomainErrorFacts = { kind: 'unavailable', code, message: message.replace('%s', service) }
    super(status, { ...facts, retryAfterSeconds: 1 })
    this.failure = failure
    this.cause = cause
  }
}

export type UpstreamFailure = keyof typeof failures

const failures = {
  failed: {
    status: 502,
    code: 'upstream_failed',
    message: 'The %s service broke off without an answer. Whether it did what was asked is unknown.',
  },
  unreachable: {
    status: 503,
    code: 'upstream_unavailable',
    message: 'The %s service cannot be reached. Nothing was done; try again shortly.',
  },
  busy: {
    status: 503,
    code: 'upstream_busy',
    message: 'The %s service has more work than it can take. Nothing was done; try again shortly.',
  },
  late: {
    status: 504,
    code: 'upstream_timeout',
    message: 'The %s service did not answer in time. Whether it did what was asked is unknown.',
  },
} as const

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'UND_ERR_CONNECT_TIMEOUT',
])
const tooLate = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What a network error says about the request: whether it can have reached the service. */
export function failureOf(error: unknown): UpstreamFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (neverConnected.has(code)) return 'unreachable'
  return tooLate.has(code) ? 'late' : 'failed'
}
