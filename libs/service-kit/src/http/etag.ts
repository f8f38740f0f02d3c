import type { FastifyRequest } from 'fastify'
import { DomainError } from '../problem/domain-error.ts'

/** The resource is no longer at the version that the caller saw. */
export class StaleVersionError extends DomainError {
  override readonly name = 'StaleVersionError'
  constructor() {
    super({
      kind: 'stale',
      code: 'stale_version',
      message:
        'The resource has changed since you read it. Read it again, and send its new ETag as If-Match.',
      errors: [
        { pointer: '/headers/if-match', code: 'stale_version', message: 'is not the current version' },
      ],
    })
  }
}

/** The strong entity tag of a resource at that version. */
export function etag(version: number): string {
  return `"${version}"`
}

/** The version that If-Match names. Throws 428 without the header, 400 when it is not one strong entity tag of ours. */
export function requireVersion(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (header === undefined)
    throw new DomainError({
      kind: 'precondition_required',
      code: 'precondition_required',
      message: 'Send the ETag that you read as If-Match, so that nobody else’s change is lost.',
      errors: [{ pointer: '/headers/if-match', code: 'required', message: 'is required' }],
    })
  const version = /^"(\d{1,15})"$/.exec(header)?.[1]
  if (version === undefined)
    throw new DomainError({
      kind: 'malformed',
      code: 'if_match_malformed',
      message: 'If-Match must be one ETag as this API gave it, with its quotes.',
      errors: [{ pointer: '/headers/if-match', code: 'malformed', message: 'must look like "3"' }],
    })
  return Number(version)
}
