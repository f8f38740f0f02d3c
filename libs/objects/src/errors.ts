/** The store is full, out of reach, or broke off. */
export class ObjectsUnavailableError extends Error {
  override readonly name = 'ObjectsUnavailableError'
  readonly kind = 'unavailable'
  readonly code = 'objects_unavailable'

  constructor(reason: string, cause?: unknown) {
    super(`The object store cannot be used: ${reason}`, { cause })
  }
}

/** The key breaks a rule of the port; the message says which. */
export class ObjectKeyError extends Error {
  override readonly name = 'ObjectKeyError'
  readonly kind = 'invalid'
  readonly code = 'invalid_object_key'

  constructor(key: string, rule: string) {
    super(`The object key ${JSON.stringify(key.slice(0, 200))} ${rule}`)
  }
}

/** Stored content is not what its key says: it must not be used. */
export class CorruptContentError extends Error {
  override readonly name = 'CorruptContentError'
  readonly kind = 'unavailable'
  readonly code = 'corrupt_content'

  constructor(key: string, found: string) {
    super(`The content stored as ${key} has the hash ${found}`)
  }
}
