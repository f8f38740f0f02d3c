export type Encoding = 'utf-8' | 'binary'

/** Bytes that are stored already: in a document of sandbox_files, or in an object where they are large or binary. */
export interface FileContent {
  sizeBytes: number
  /** Lower-case hexadecimal. */
  sha256: string
  mediaType: string
  encoding: Encoding
  documentId: string
  objectKey: string | null
  /** Only while nothing refers to the document yet: when it was written, and under which number. */
  fresh?: { version: number; writtenAt: Date }
}

/** One immutable version of a file. */
export interface FileVersion extends FileContent {
  id: string
  path: string
  version: number
  createdAt: Date
  createdBy: string | null
  verifiedAt: Date | null
}

/** What the caller knows of a file that is about to change: its version, that it is absent, or that it does not matter. */
export type Expectation = { version: number } | 'absent' | 'any'

export const fileLimits = {
  maxFiles: 2_000,
  maxTotalBytes: 104_857_600,
  maxFileBytes: 26_214_400,
  maxHistoryBytes: 1_073_741_824,
  /** Text up to this size lives in the document; more, or other bytes, in objects. */
  maxInlineBytes: 65_536,
}
