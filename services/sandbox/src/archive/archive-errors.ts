import { DomainError } from '@sandkeep/service-kit'

export class InvalidArchiveError extends DomainError {
  override readonly name = 'InvalidArchiveError'
  constructor(reason: string) {
    super({ kind: 'invalid', code: 'invalid_archive', message: `The archive cannot be imported: ${reason}` })
  }
}

export class ArchiveTooLargeError extends DomainError {
  override readonly name = 'ArchiveTooLargeError'
  constructor(most: number) {
    super({
      kind: 'too_large',
      code: 'archive_too_large',
      message: `An archive may have at most ${most} bytes`,
    })
  }
}
