import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Layout } from './definition.ts'
import type { Document } from './documents.ts'
import { CollectionDefinitionError, DocumentInvalidError, type DocumentProblem } from './errors.ts'
import { step } from './pointer.ts'
import { type Survey, survey } from './survey.ts'
import { limitTextFast } from './text-length.ts'

const maxDocumentBytes = 8 * 1024 * 1024
/** MongoDB takes 16 MiB, with what the adapter adds. */
const maxBsonBytes = 16_000_000
/** MongoDB takes 100. */
const maxLevels = 64
const maxIdBytes = 200
/** What fits into a page of every engine's index, the id included. */
const maxKeyBytes = 2_000
const maxProblems = 20

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  formats: {
    uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'date-time': { validate: isDateTime },
  },
})

limitTextFast(ajv)

/** RFC 3339 in UTC, of a day that the calendar has. */
function isDateTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(text)) return false
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10))
}

/** A document that every engine can store. */
export interface Storable {
  /** Made of nothing that JSON has not. */
  document: Document
  hasOddNames: boolean
  sizeBytes: number
}

/** Answers the document as it comes back from its JSON, or throws DocumentInvalidError. */
export type Validate = (document: Document) => Storable

export function createValidator(layout: Layout, schema: object): Validate {
  const matches = compile(layout.name, schema)
  return (document) => {
    if (!matches(document)) refuse(layout.name, (matches.errors ?? []).map(problemOf))
    const problems = keyProblems(layout, document)
    if (problems.length > 0) refuse(layout.name, problems)
    const found = survey(document, maxLevels)
    const problem = problemWith(document, found)
    if (problem !== null) refuse(layout.name, [problem])
    const plain: Document = found.isJson ? document : JSON.parse(JSON.stringify(document))
    return { document: plain, hasOddNames: found.hasOddNames, sizeBytes: found.bsonBytes }
  }
}

function refuse(collection: string, problems: DocumentProblem[]): never {
  throw new DocumentInvalidError(collection, problems.slice(0, maxProblems))
}

function problemWith(document: Document, found: Survey): DocumentProblem | null {
  if (found.levels > maxLevels) {
    return { pointer: '', code: 'too_deep', message: `must not be nested deeper than ${maxLevels} levels` }
  }
  if (found.unstorable !== null) {
    const message = 'holds U+0000 or half a surrogate pair'
    return { pointer: found.unstorable, code: 'unstorable_text', message }
  }
  if (found.bsonBytes > maxBsonBytes || (found.mostJsonBytes > maxDocumentBytes && isLong(document))) {
    const message = `is larger than ${maxDocumentBytes} bytes, or than ${maxBsonBytes} as BSON: keep it in objects`
    return { pointer: '', code: 'too_large', message }
  }
  return null
}

const isLong = (document: Document) => Buffer.byteLength(JSON.stringify(document)) > maxDocumentBytes

function compile(collection: string, schema: object) {
  try {
    return ajv.compile(schema)
  } catch (error) {
    throw new CollectionDefinitionError(collection, `the schema cannot be used: ${String(error)}`)
  }
}

function keyProblems(layout: Layout, document: Document): DocumentProblem[] {
  const problems: DocumentProblem[] = []
  if (document.id === '' || Buffer.byteLength(document.id) > maxIdBytes) {
    problems.push({ pointer: '/id', code: 'bad_id', message: `must have 1 to ${maxIdBytes} bytes` })
  }
  for (const key of layout.keys.values()) {
    const bytes = key.fields.reduce((sum, field) => sum + keyBytes(Reflect.get(document, field)), 0)
    if (bytes <= maxKeyBytes) continue
    const message = `of key ${key.name} must have at most ${maxKeyBytes} bytes together`
    problems.push({ pointer: `/${key.fields.at(-1)}`, code: 'key_too_large', message })
  }
  return problems
}

function keyBytes(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(keyBytes))
  return typeof value === 'string' ? Buffer.byteLength(value) : 8
}

function problemOf(error: ErrorObject): DocumentProblem {
  const member: unknown =
    error.params['missingProperty'] ??
    error.params['additionalProperty'] ??
    error.params['unevaluatedProperty']
  const pointer = typeof member === 'string' ? step(error.instancePath, member) : error.instancePath
  const code = error.keyword.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return { pointer, code, message: messageOf(error) }
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === 'required') return 'is missing'
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties')
    return 'is not known'
  return error.message ?? `breaks ${error.keyword}`
}
