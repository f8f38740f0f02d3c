import { DomainError } from '@sandkeep/service-kit'

/** A path that two programs could read differently. */
export class AmbiguousPathError extends DomainError {
  override readonly name = 'AmbiguousPathError'
  constructor(message: string) {
    super({ kind: 'malformed', code: 'ambiguous_path', message })
  }
}

export class BodyNotAllowedError extends DomainError {
  override readonly name = 'BodyNotAllowedError'
  constructor(method: string) {
    super({ kind: 'malformed', code: 'body_not_allowed', message: `A ${method} request takes no body.` })
  }
}

export class AuthenticationRequiredError extends DomainError {
  override readonly name = 'AuthenticationRequiredError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'authentication_required',
      message: 'Sign in, and send the access token as "Authorization: Bearer <token>".',
    })
  }
}

export class MalformedAuthorizationError extends DomainError {
  override readonly name = 'MalformedAuthorizationError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'malformed_authorization',
      message: 'The Authorization header must be "Bearer <access token>".',
    })
  }
}

export class TokenRevokedError extends DomainError {
  override readonly name = 'TokenRevokedError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'token_revoked',
      message: 'This session has ended. Sign in again.',
    })
  }
}

export class RevocationsUnknownError extends DomainError {
  override readonly name = 'RevocationsUnknownError'
  constructor() {
    super({
      kind: 'unavailable',
      code: 'revocations_unknown',
      message:
        'Whether this session has ended cannot be told just now, so nothing was changed. Try again shortly.',
      retryAfterSeconds: 1,
    })
  }
}

export class RateLimitedError extends DomainError {
  override readonly name = 'RateLimitedError'
  constructor(rule: { name: string; limit: number; windowMs: number }, retryAfterSeconds: number) {
    super({
      kind: 'limited',
      code: 'rate_limited',
      message: `More than ${rule.limit} requests in ${rule.windowMs / 1_000} seconds (limit "${rule.name}"). Wait ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    })
  }
}
