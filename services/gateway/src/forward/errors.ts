/** Why a service gave no answer that could be passed on. The status is the client's. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly statusCode: 502 | 503 | 504
  readonly code: 'upstream_failed' | 'upstream_unavailable' | 'upstream_busy' | 'upstream_timeout'
  readonly retryAfterSeconds = 1

  constructor(failure: UpstreamFailure, service: string, cause?: unknown) {
    const { statusCode, code, message } = failures[failure]
    super(message.replace('%s', service), { cause })
    this.statusCode = statusCode
    this.code = code
  }
}

export type UpstreamFailure = keyof typeof failures

const failures = {
  failed: {
    statusCode: 502,
    code: 'upstream_failed',
    message: 'The %s service broke off without an answer. Whether it did what was asked is unknown.',
  },
  unreachable: {
    statusCode: 503,
    code: 'upstream_unavailable',
    message: 'The %s service cannot be reached. Nothing was done; try again shortly.',
  },
  busy: {
    statusCode: 503,
    code: 'upstream_busy',
    message: 'The %s service has more work than it can take. Nothing was done; try again shortly.',
  },
  late: {
    statusCode: 504,
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
