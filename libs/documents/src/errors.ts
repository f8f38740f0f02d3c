export interface DocumentProblem {
  /** JSON pointer into the document. */
  pointer: string
  code: string
  message: string
}

/** A document does not match its collection's schema; `errors` names every field. */
export class DocumentInvalidError extends Error {
  override readonly name = 'DocumentInvalidError'
  readonly kind = 'invalid'
  readonly code = 'invalid_document'
  readonly errors: DocumentProblem[]

  constructor(collection: string, errors: DocumentProblem[]) {
    const problems = errors.map(({ pointer, message }) => `${pointer || 'it'} ${message}`).join('; ')
    super(`Document of ${collection} is not valid: ${problems}`)
    this.errors = errors
  }
}

/** Another document of the collection has the same values in a unique key. */
export class DocumentKeyTakenError extends Error {
  override readonly name = 'DocumentKeyTakenError'
  readonly kind = 'conflict'
  readonly code = 'document_key_taken'

  constructor(collection: string, id: string) {
    super(`Document ${id} of ${collection} has a unique key that another document holds`)
  }
}

/** The definition of a collection cannot be used; the message says what to change. */
export class CollectionDefinitionError extends Error {
  override readonly name = 'CollectionDefinitionError'

  constructor(collection: string, rule: string) {
    super(`Collection ${JSON.stringify(collection)}: ${rule}`)
  }
}

/** The store is out of reach, full or too slow. Whether a write that ended so was made is unknown. */
export class DocumentsUnavailableError extends Error {
  override readonly name = 'DocumentsUnavailableError'
  readonly kind = 'unavailable'
  readonly code = 'documents_unavailable'

  constructor(cause: unknown) {
    super('The document store is not available. Try again shortly.', { cause })
  }
}
