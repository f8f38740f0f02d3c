import { DomainError } from '@sandkeep/service-kit'

export class PathRuleError extends DomainError {
  override readonly name = 'PathRuleError'
  constructor(pointer: string, rule: string, message: string) {
    super({
      kind: 'invalid',
      code: 'invalid_path',
      message: `The path ${message}`,
      errors: [{ pointer, code: rule, message }],
    })
  }
}

const takenCodes = {
  twin: 'path_taken_by_twin',
  folder: 'path_taken_by_folder',
  file: 'path_taken_by_file',
} as const

export class PathTakenError extends DomainError {
  override readonly name = 'PathTakenError'
  constructor(path: string, other: string, why: 'twin' | 'folder' | 'file') {
    const reasons = {
      twin: `differs from ${other} only by case or Unicode form, which some systems cannot tell apart`,
      folder: `is a folder: it holds ${other}`,
      file: `is below ${other}, which is a file`,
    }
    super({ kind: 'conflict', code: takenCodes[why], message: `${path} ${reasons[why]}` })
  }
}

export class FileNotFoundError extends DomainError {
  override readonly name = 'FileNotFoundError'
  constructor(path: string, version?: number) {
    const what = version === undefined ? `file ${path}` : `version ${version} of ${path}`
    super({ kind: 'not_found', code: 'file_not_found', message: `There is no ${what}` })
  }
}

export class FileExistsError extends DomainError {
  override readonly name = 'FileExistsError'
  constructor(path: string) {
    super({ kind: 'stale', code: 'file_exists', message: `${path} exists already` })
  }
}

export class StaleFileError extends DomainError {
  override readonly name = 'StaleFileError'
  constructor(path: string, version: number | undefined) {
    const now = version === undefined ? 'does not exist any more' : `has changed and is at version ${version}`
    super({ kind: 'stale', code: 'stale_version', message: `${path} ${now}; read it again` })
  }
}

export class FileVersionRequiredError extends DomainError {
  override readonly name = 'FileVersionRequiredError'
  constructor(path: string) {
    super({
      kind: 'precondition_required',
      code: 'precondition_required',
      message: `${path} exists: send the version that you read (If-Match, or ifVersion in a body), or If-Match: * to change whatever is there`,
    })
  }
}

export class QuotaExceededError extends DomainError {
  override readonly name = 'QuotaExceededError'
  constructor(what: string, most: number) {
    super({ kind: 'invalid', code: 'quota_exceeded', message: `A sandbox may hold at most ${most} ${what}` })
  }
}

export class FileTooLargeError extends DomainError {
  override readonly name = 'FileTooLargeError'
  constructor(most: number) {
    super({ kind: 'too_large', code: 'file_too_large', message: `A file may have at most ${most} bytes` })
  }
}

export class MediaTypeError extends DomainError {
  override readonly name = 'MediaTypeError'
  constructor(most: number) {
    const message = `must be a media type such as text/plain, of at most ${most} characters`
    super({
      kind: 'malformed',
      code: 'media_type_malformed',
      message: `Content-Type ${message}`,
      errors: [{ pointer: '/headers/content-type', code: 'malformed', message }],
    })
  }
}

/** Others kept changing the same file; nothing was written. */
export class FileBusyError extends DomainError {
  override readonly name = 'FileBusyError'
  constructor(path: string) {
    super({ kind: 'conflict', code: 'file_busy', message: `${path} is being changed by others; try again` })
  }
}

/** Stored bytes are missing or not what their hash says. Nobody's request can mend that: it is a fault to look into. */
export class ContentLostError extends Error {
  override readonly name = 'ContentLostError'
  constructor(sha256: string) {
    super(`The stored content ${sha256} is missing or damaged`)
  }
}
