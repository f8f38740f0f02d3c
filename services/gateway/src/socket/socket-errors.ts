import { DomainError } from '@sandkeep/service-kit'

export class SocketOriginForbiddenError extends DomainError {
  override readonly name = 'SocketOriginForbiddenError'
  constructor() {
    super({
      kind: 'forbidden',
      code: 'socket_origin_forbidden',
      message: 'Pages of this origin may not open a socket here.',
    })
  }
}

export class TooManySocketsError extends DomainError {
  override readonly name = 'TooManySocketsError'
  constructor() {
    super({
      kind: 'unavailable',
      code: 'too_many_sockets',
      message: 'More sockets are open than this gateway holds. Try again shortly.',
      retryAfterSeconds: 5,
    })
  }
}
