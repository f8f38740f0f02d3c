import { DomainError } from '@sandkeep/service-kit'

export class LinkNotUsableError extends DomainError {
  override readonly name = 'LinkNotUsableError'
  constructor() {
    const message = 'was used before, was replaced or has expired; ask for another one'
    super({
      kind: 'invalid',
      code: 'token_not_usable',
      message: `The link ${message}.`,
      errors: [{ pointer: '/token', code: 'token_not_usable', message }],
    })
  }
}

export class WrongPasswordError extends DomainError {
  override readonly name = 'WrongPasswordError'
  constructor() {
    super({
      kind: 'invalid',
      code: 'password_wrong',
      message: 'The current password is wrong.',
      errors: [{ pointer: '/currentPassword', code: 'password_wrong', message: 'is wrong' }],
    })
  }
}
