import type { ObjectId } from 'mongodb'
import type { Storable } from '../validator.ts'

/** A document as MongoDB keeps it: its own fields beside those of the adapter, whose names start with `_`. */
export interface Stored {
  _id: string
  _size?: number
  /** Of the call that wrote it: tells a repeat of that call from a rival. */
  _write?: ObjectId
  _expiresAt?: Date
  /** Some name in it is written otherwise; see `escapeName`. */
  _escaped?: true
  [member: string]: unknown
}

type Members = Record<string, unknown>

interface Writing {
  write: ObjectId
  expiresAt: string | undefined
}

export function toStored({ document, hasOddNames, sizeBytes }: Storable, writing: Writing): Stored {
  const { id, ...members } = document
  return {
    _id: id,
    ...(hasOddNames ? renamed(members, escapeName) : members),
    _size: sizeBytes,
    _write: writing.write,
    ...(hasOddNames && { _escaped: true }),
    ...(writing.expiresAt !== undefined && { _expiresAt: new Date(writing.expiresAt) }),
  }
}

/** Throws a TypeError when something else wrote a value that is no JSON, such as an integer above 2^53. */
export function fromStored<T>(stored: Stored): T {
  const document: Members = { id: stored._id }
  for (const [member, value] of Object.entries(stored)) {
    if (member.startsWith('_')) continue
    if (!isJson(value)) throw new TypeError(`"${member}" of document ${stored._id} holds what is no JSON`)
    document[member] = value
  }
  return (stored._escaped ? renamed(document, unescapeName) : document) as T
}

/**
 * `$` and `_bsontype` mean something to MongoDB or its driver, `_` is the adapter's: `~` before such a name makes it
 * any other name.
 */
export const escapeName = (name: string) => (/^[_$~]/.test(name) ? `~${name}` : name)

const unescapeName = (name: string) => (name.startsWith('~') ? name.slice(1) : name)

function renamed<T>(value: T, rename: (name: string) => string): T {
  return withNames(value, rename) as T
}

function withNames(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withNames(item, rename))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [rename(member), withNames(inner, rename)]),
  )
}

function isJson(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isJson)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
}
