import { DomainError } from '../problem/domain-error.ts'

export class TokenMissingError extends DomainError {
  override readonly name = 'TokenMissingError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'token_missing',
      message: 'This needs an access token: Authorization: Bearer <token>.',
    })
  }
}

export class TokenInvalidError extends DomainError {
  override readonly name = 'TokenInvalidError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'token_invalid',
      message: 'The access token is not valid. Log in again.',
    })
  }
}

export class TokenExpiredError extends DomainError {
  override readonly name = 'TokenExpiredError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'token_expired',
      message: 'The access token has expired. Refresh it.',
    })
  }
}

export class ServiceTokenInvalidError extends DomainError {
  override readonly name = 'ServiceTokenInvalidError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'service_token_invalid',
      message: 'Only services of the fleet may ask this.',
    })
  }
}

export class OperationForbiddenError extends DomainError {
  override readonly name = 'OperationForbiddenError'
  constructor(role: string) {
    super({ kind: 'forbidden', code: 'operation_forbidden', message: `The role ${role} may not do this.` })
  }
}

export class ObjectNotFoundError extends DomainError {
  override readonly name = 'ObjectNotFoundError'
  constructor() {
    super({ kind: 'not_found', code: 'not_found', message: 'There is nothing here that you may see.' })
  }
}

export class KeysUnavailableError extends DomainError {
  override readonly name = 'KeysUnavailableError'
  constructor(cause: unknown) {
    super(
      {
        kind: 'unavailable',
        code: 'keys_unavailable',
        message: 'Tokens cannot be checked just now. Try again shortly.',
        retryAfterSeconds: 1,
      },
      { cause },
    )
  }
}
