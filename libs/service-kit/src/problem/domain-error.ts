/** What went wrong, without HTTP: each kind has one status. */
export type ErrorKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'precondition_required'
  | 'too_large'
  | 'limited'
  | 'unavailable'

/** What is wrong with one field. The pointer is a JSON pointer into the body, or starts with /query, /path or /headers. */
export interface FieldError {
  pointer: string
  code: string
  message: string
}

export interface DomainErrorFacts {
  kind: ErrorKind
  /** Stable, snake_case: callers branch on it. */
  code: string
  /** One sentence for the caller: the rule that was broken and what to do. */
  message: string
  errors?: FieldError[]
  retryAfterSeconds?: number
}

/** A named fact that a caller is told about. Services derive their own from it. */
export class DomainError extends Error {
  override readonly name: string = 'DomainError'
  readonly kind: ErrorKind
  readonly code: string
  readonly errors: FieldError[]
  readonly retryAfterSeconds: number | undefined

  constructor(facts: DomainErrorFacts, options?: ErrorOptions) {
    super(facts.message, options)
    this.kind = facts.kind
    this.code = facts.code
    this.errors = facts.errors ?? []
    this.retryAfterSeconds = facts.retryAfterSeconds
  }
}
