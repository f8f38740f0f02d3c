import { ObjectKeyError } from './errors.ts'
import type { ByteRange, LinkOptions } from './objects.ts'

const maxKeyBytes = 1_000
const maxSegmentBytes = 200
/** Lower case only: `a` and `A` are one file on a case-insensitive file system. */
const segment = /^[a-z0-9_=-][a-z0-9._=-]*$/
const startOfSegment = /^(?:[a-z0-9_=-][a-z0-9._=-]*)?$/

export function checkKey(key: string): void {
  if (key === '') throw new ObjectKeyError(key, 'is empty')
  if (key.length > maxKeyBytes) throw new ObjectKeyError(key, `is longer than ${maxKeyBytes} bytes`)
  for (const part of key.split('/')) checkSegment(key, part, segment)
}

/** Whether an object of this name can have been put by the port. */
export function isKey(name: string): boolean {
  return name.split('/').every((part) => segment.test(part))
}

/** A prefix is a key cut anywhere, so that its last segment may be empty. */
export function checkPrefix(prefix: string): void {
  if (prefix.length > maxKeyBytes) throw new ObjectKeyError(prefix, `is longer than ${maxKeyBytes} bytes`)
  const parts = prefix.split('/')
  const last = parts.pop() ?? ''
  for (const part of parts) checkSegment(prefix, part, segment)
  checkSegment(prefix, last, startOfSegment)
}

function checkSegment(key: string, part: string, pattern: RegExp): void {
  if (part.length > maxSegmentBytes) {
    throw new ObjectKeyError(key, `has a segment longer than ${maxSegmentBytes} bytes`)
  }
  if (!pattern.test(part)) {
    throw new ObjectKeyError(
      key,
      'must be segments of a-z, 0-9, ".", "_", "-" and "=", none empty or starting with "."',
    )
  }
}

export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000) {
    throw new RangeError(`A page of objects has a limit from 1 to 1000, not ${limit}`)
  }
}

export function checkRange({ offset, length = 0 }: ByteRange): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0) {
    throw new RangeError(`A byte range has whole numbers from 0, not ${offset} and ${length}`)
  }
}

const maxLinkSeconds = 604_800

export function checkLink({ expiresInSeconds }: LinkOptions): void {
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > maxLinkSeconds) {
    throw new RangeError(`A link expires in 1 to ${maxLinkSeconds} whole seconds, not ${expiresInSeconds}`)
  }
}
