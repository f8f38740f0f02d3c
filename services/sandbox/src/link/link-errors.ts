import { DomainError } from '@sandkeep/service-kit'

export class LinkNotValidError extends DomainError {
  override readonly name = 'LinkNotValidError'
  constructor() {
    super({
      kind: 'forbidden',
      code: 'link_not_valid',
      message: 'The link has expired or was changed: ask for a new one.',
    })
  }
}

export class DownloadNotFoundError extends DomainError {
  override readonly name = 'DownloadNotFoundError'
  constructor() {
    super({ kind: 'not_found', code: 'download_not_found', message: 'What the link leads to is gone.' })
  }
}
