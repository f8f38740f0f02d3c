import type { Readable } from 'node:stream'

export interface Digest {
  /** Lower-case hexadecimal. */
  sha256: string
  sizeBytes: number
}

/** What `put` was given. `created` is false when `ifAbsent` met an object and left it as it was. */
export interface Stored extends Digest {
  key: string
  created: boolean
}

export interface ObjectStat {
  sizeBytes: number
  modifiedAt: Date
}

export interface ListedObject extends ObjectStat {
  key: string
}

export interface ObjectPage {
  items: ListedObject[]
  /** Give it as `after` to go on; absent on the last page. */
  nextAfter?: string
}

/** Bytes from `offset`; up to the end without `length`. */
export interface ByteRange {
  offset: number
  length?: number
}

export type ObjectBody = Uint8Array | Readable

/** A key, or a function that makes it from the content once that is known. */
export type KeySource = string | ((digest: Digest) => string)

/** What became of a key that was to be deleted. */
export interface Deletion {
  key: string
  /** Absent when nothing is there any more. */
  error?: Error
}

/** How a link hands its object out. */
export interface LinkOptions {
  /** A whole number from 1 to 604,800 (7 days). */
  expiresInSeconds: number
  /** Of the answer; what the store makes of it otherwise. */
  contentType?: string
  /** Makes a browser save the object under this name. */
  fileName?: string
}

/**
 * Keys are lower-case segments (`a-z 0-9 . _ - =`, not starting with a dot, ≤ 200 bytes) joined by `/`, ≤ 1,000 bytes.
 * A key that is a folder of another (`a` beside `a/b`) is refused. Bad keys throw ObjectKeyError.
 * A store that is full or out of reach throws ObjectsUnavailableError; an error of the body passes through.
 */
export interface Objects extends AsyncDisposable {
  /**
   * Stores the whole body or nothing; it survives a crash from the moment this resolves.
   * Replaces what is there, unless `ifAbsent`: then one of several writers creates it.
   */
  put(key: KeySource, body: ObjectBody, options?: { ifAbsent?: boolean }): Promise<Stored>
  /** The bytes as they were when opened, or null when absent. The caller consumes or destroys the stream. */
  get(key: string, range?: ByteRange): Promise<Readable | null>
  stat(key: string): Promise<ObjectStat | null>
  /**
   * Deletes durably; false when there was nothing to delete.
   * With `ifModifiedBefore`, an object put since then stays (for sweeps of what nothing refers to).
   */
  delete(key: string, options?: { ifModifiedBefore?: Date }): Promise<boolean>
  /** Deletes durably whatever is there, each key for itself: some may fail and others not. */
  deleteMany(keys: readonly string[]): Promise<Deletion[]>
  /** Copies an object, whole or not at all, as if it was put now; false when there is none. Up to 5 GiB. */
  copy(from: string, to: string): Promise<boolean>
  /**
   * A URL that needs no other right to read the object, with ranges, until it expires. It is absolute, or a path of the
   * service's own origin. Whether the object is there is not looked at.
   */
  signedUrl(key: string, options: LinkOptions): Promise<string>
  /** Removes what killed writers left of uploads that nobody added to since then, and says how many. */
  removeUnfinished(untouchedSince: Date): Promise<number>
  /** Objects whose key starts with `prefix`, in byte order of the key, after `after`; `limit` 1–1,000. */
  list(prefix: string, page: { after?: string; limit: number }): Promise<ObjectPage>
}
