/** The cache gave no answer in time, or refused. Whether it did what was asked is unknown. */
export class CacheUnavailableError extends Error {
  override readonly name = 'CacheUnavailableError'
  readonly kind = 'unavailable'
  readonly code = 'cache_unavailable'

  constructor(cause: unknown) {
    super('The cache is not available. Try again shortly.', { cause: withoutCommand(cause) })
  }
}

/** ioredis hangs the command on its errors, with the password of AUTH and the value of SET: not for logs. */
export function withoutCommand(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command')
  return error
}
