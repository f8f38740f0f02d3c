/** Every document has an `id`; one that is replaced also has a `version` (a rising integer). */
export interface Document {
  id: string
}

export type KeyValue = string | number

/**
 * Fields in order: top-level and required by the schema, strings or numbers, not `id`.
 * Documents can be read in the order of any key; a unique one refuses a second document with the same values.
 * A list of strings is a key by itself: it finds, in the order of ids, the documents that hold the value in `prefix`.
 */
export interface KeyDefinition<T> {
  fields: readonly (keyof T & string)[]
  unique?: boolean
}

/** Declared once beside its type. Other fields of an existing key need another key name. */
export interface CollectionDefinition<T extends Document> {
  /** snake_case, ≤ 30 characters, unique in the service. */
  name: string
  /** JSON Schema 2020-12 of an object with a required `id`. Formats known: `date-time` (RFC 3339, UTC) and `uuid`. */
  schema: object
  /** By name (camelCase). The order by `id` is always there, as `id`. */
  keys?: Readonly<Record<string, KeyDefinition<T>>>
  /** The `date-time` field after which a document is gone. It may be optional in the schema. */
  expiresAt?: keyof T & string
}

/** A definition whatever its type of document. */
export interface AnyDefinition {
  name: string
  schema: object
  keys?: Readonly<Record<string, { fields: readonly string[]; unique?: boolean }>>
  expiresAt?: string
}

export type InsertResult = 'inserted' | 'conflict'

/** Values of a key's fields that follow `prefix`, ending in the id where the key is not unique. May be cut short. */
export type Position = readonly KeyValue[]

export interface Range {
  /** A key of the definition, or `id`. */
  key: string
  /** Values that the first fields must equal. */
  prefix?: readonly KeyValue[]
  /** Start behind this position (exclusive), in the direction of reading. */
  after?: Position
  /** Stop before this position (exclusive), in the direction of reading. */
  before?: Position
  /** 1–1,000 documents. */
  limit: number
  descending?: boolean
}

/** Documents of at most 8 MiB and one more: a page may be shorter than the limit and not be the last. */
export interface Page<T> {
  items: T[]
  /** Give it as `after` to go on; absent on the last page. JSON, so that it can be sealed in a cursor. */
  nextAfter?: Position
}

export type Change<T extends Document> =
  | { insert: T }
  | { replace: T & { version: number }; ifVersion: number }
  | { delete: string }

/** `failedAt` is the index of the first change that could not be made; then none was. */
export type ChangeResult = { applied: true } | { applied: false; failedAt: number }

/**
 * Up to 1,000 documents or ids a call; a document has at most 8 MiB as JSON and 64 levels. The order of an object's
 * members is not kept.
 * A document that breaks the schema throws DocumentInvalidError before anything is written.
 * A document past its expiry is invisible at once, but holds its id and unique keys until it is purged.
 * A store that is out of reach throws DocumentsUnavailableError: the write may have been made, an insert also in part.
 */
export interface Collection<T extends Document> {
  /** One result per document, in order; a taken id or unique key is a `conflict` and leaves the others alone. */
  insert(documents: readonly T[]): Promise<InsertResult[]>
  get(id: string): Promise<T | null>
  /** Those that exist, in the order of `ids`. */
  getMany(ids: readonly string[]): Promise<T[]>
  range(range: Range): Promise<Page<T>>
  /**
   * Replaces the document whose `version` is `ifVersion` by one with a greater version.
   * False when there is none; DocumentKeyTakenError when another document has its unique key.
   */
  replace(document: T & { version: number }, options: { ifVersion: number }): Promise<boolean>
  /** How many there were to delete. */
  delete(ids: readonly string[]): Promise<number>
  /** All of the changes or none. Deleting what is absent is no failure. */
  change(changes: readonly Change<T>[]): Promise<ChangeResult>
  /** Removes up to `limit` (default 1,000) expired documents; how many. */
  purgeExpired(limit?: number): Promise<number>
}

export interface Documents extends AsyncDisposable {
  /** Opens a collection and creates it, or new keys of it, if need be. */
  collection<T extends Document>(definition: CollectionDefinition<T>): Promise<Collection<T>>
}
