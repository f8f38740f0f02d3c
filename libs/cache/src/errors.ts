/** The cache gave no answer in time, or refused. Whether it did what was asked is unknown. */
export class CacheUnavailableError extends Error {
  override readonly name = 'CacheUnavailableError'
  readonly kind = 'unavailable'
  readonly code = 'cache_unavailable'

  constructor(cause: unknown) {
    super('The cache is not available. Try again shortly.', { cause })
  }
}
