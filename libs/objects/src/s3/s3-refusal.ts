/** What came from the store or the network in place of a result. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal'
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined
  /** Name of the S3 error, or of the network's. */
  readonly code: string

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.status = statusOf(cause)
    this.code = codeOf(cause)
  }
}

/** An answer that lacks what the store must have said: it stands for an error, or was cut short. */
class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError'

  constructor(missing: string) {
    super(`it answered without ${missing}`)
  }
}

/** The part of an answer that proves it to be one: a proxy or a store may say 200 and mean an error. */
export function answered<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new UnusableAnswerError(name)
  return value
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error && '$metadata' in error)) return undefined
  const metadata = error.$metadata
  const status =
    typeof metadata === 'object' &&
    metadata !== null &&
    'httpStatusCode' in metadata &&
    metadata.httpStatusCode
  return typeof status === 'number' ? status : undefined
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code !== '' && !('$metadata' in error && '$fault' in error) ? code : error.name
}

const is = (error: unknown, test: (refusal: S3Refusal) => boolean): boolean =>
  error instanceof S3Refusal && test(error)

const absentCodes = ['NoSuchKey', 'NotFound', 'NoSuchUpload']

/** The object, or the upload, is not there. A missing bucket or an unknown key of access, also 404, are not meant. */
export const isAbsent = (error: unknown): boolean =>
  is(error, ({ status, code }) => status === 404 && absentCodes.includes(code))

export const isConditionFailed = (error: unknown): boolean => is(error, ({ status }) => status === 412)

export const isBeyondEnd = (error: unknown): boolean => is(error, ({ status }) => status === 416)

/** The client calls a reset connection a time-out, too; but that was told at once. */
const resetCodes = ['ECONNRESET', 'EPIPE']

export const isTimeout = (error: unknown): boolean =>
  is(
    error,
    ({ cause, code }) =>
      cause instanceof Error && /^(Timeout|Abort)Error$/.test(cause.name) && !resetCodes.includes(code),
  )

const passingCodes = ['SlowDown', 'RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict']

/** Whether the same request may have another answer in a moment. */
export const isPassing = (error: unknown): boolean =>
  !isTimeout(error) &&
  is(error, ({ status, code, cause }) => {
    if (code === 'CredentialsProviderError') return false
    if (cause instanceof UnusableAnswerError || passingCodes.includes(code)) return true
    return status === undefined || status < 400 || status === 429 || status >= 500
  })

/** Whether the store may have done what was asked although it did not say so. */
export const isUncertain = (error: unknown): boolean => isTimeout(error) || isPassing(error)
