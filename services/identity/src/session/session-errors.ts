import { DomainError } from '@sandkeep/service-kit'

export class InvalidCredentialsError extends DomainError {
  override readonly name = 'InvalidCredentialsError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'invalid_credentials',
      message: 'The login or the password is wrong.',
    })
  }
}

export class InvalidRefreshTokenError extends DomainError {
  override readonly name = 'InvalidRefreshTokenError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'refresh_token_invalid',
      message: 'The session has ended or the refresh token is not one of ours. Sign in again.',
    })
  }
}

export class RefreshTokenReusedError extends DomainError {
  override readonly name = 'RefreshTokenReusedError'
  constructor() {
    super({
      kind: 'unauthenticated',
      code: 'refresh_token_reused',
      message:
        'This refresh token was used before, so somebody may have copied it. The session was ended. Sign in again.',
    })
  }
}

export class OriginNotAllowedError extends DomainError {
  override readonly name = 'OriginNotAllowedError'
  constructor() {
    super({
      kind: 'forbidden',
      code: 'origin_not_allowed',
      message:
        'A refresh token in a cookie is only for pages of an allowed origin. Send it in the body instead.',
    })
  }
}

export class SessionNotFoundError extends DomainError {
  override readonly name = 'SessionNotFoundError'
  constructor() {
    super({ kind: 'not_found', code: 'session_not_found', message: 'You have no such session.' })
  }
}
