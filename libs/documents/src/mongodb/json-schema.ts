import type { Document as Bson } from 'mongodb'
import { escapeName } from './stored.ts'

/** `isExact` tells that it accepts just what the original accepts; otherwise it also accepts more. */
interface Translation {
  schema: Bson
  isExact: boolean
}

type Translate = (value: unknown, isRoot: boolean) => Translation

/** What the adapter adds to a document. */
const envelope = {
  _size: { bsonType: 'int' },
  _write: { bsonType: 'objectId' },
  _expiresAt: { bsonType: 'date' },
  _escaped: { bsonType: 'bool' },
}

/**
 * A JSON Schema 2020-12 as MongoDB's `$jsonSchema`, which knows less: what it cannot say is left out, so that it never
 * refuses what the shared validator takes. It holds off every other program that writes.
 */
export function toServerSchema(schema: object): Bson {
  return translate(schema, true).schema
}

function translate(schema: unknown, isRoot = false): Translation {
  if (schema === true) return exact({})
  if (typeof schema !== 'object' || schema === null) return exact({ not: {} })
  const parts = Object.entries(schema).map(([keyword, value]) => rules[keyword]?.(value, isRoot) ?? dropped)
  const merged = closeOver(merge(parts.map((part) => part.schema)), schema, isRoot)
  return { schema: merged, isExact: parts.every((part) => part.isExact) }
}

const exact = (schema: Bson): Translation => ({ schema, isExact: true })
const weaker = (schema: Bson): Translation => ({ schema, isExact: false })
const dropped = weaker({})

/** Two keywords of the original that become the same one stand side by side in `allOf`. */
function merge(parts: Bson[]): Bson {
  const merged: Bson = {}
  const rest: Bson[] = []
  for (const part of parts) {
    if (Object.keys(part).some((keyword) => keyword in merged)) rest.push(part)
    else Object.assign(merged, part)
  }
  return rest.length === 0 ? merged : { ...merged, allOf: [...(merged['allOf'] ?? []), ...rest] }
}

/** Mends what a keyword says about the rest of another one that was left out, or of the adapter's own members. */
function closeOver(merged: Bson, original: object, isRoot: boolean): Bson {
  const open = { ...merged }
  if ('prefixItems' in original) delete open['items']
  if ('patternProperties' in original) delete open['additionalProperties']
  if (isRoot && 'additionalProperties' in open) open['properties'] = { ...open['properties'], ...envelope }
  return open
}

const nameOf = (member: string, isRoot: boolean) => (isRoot && member === 'id' ? '_id' : escapeName(member))

const copied =
  (keyword: string): Translate =>
  (value) =>
    exact({ [keyword]: value })

const annotation: Translate = () => exact({})

const limits = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems']
const annotations = [
  'title',
  'description',
  'default',
  'examples',
  '$comment',
  'deprecated',
  '$schema',
  '$id',
]

const rules: Readonly<Record<string, Translate>> = {
  ...Object.fromEntries(limits.map((keyword) => [keyword, copied(keyword)])),
  ...Object.fromEntries(annotations.map((keyword) => [keyword, annotation])),
  type: (value) => typeRule([value].flat()),
  exclusiveMinimum: (value) => exact({ minimum: value, exclusiveMinimum: true }),
  exclusiveMaximum: (value) => exact({ maximum: value, exclusiveMaximum: true }),
  multipleOf: (value) => (Number.isSafeInteger(value) ? exact({ multipleOf: value }) : dropped),
  minProperties: (value, isRoot) => (isRoot ? dropped : exact({ minProperties: value })),
  maxProperties: (value, isRoot) => (isRoot ? dropped : exact({ maxProperties: value })),
  enum: (value) => (Array.isArray(value) && value.every(isScalar) ? exact({ enum: value }) : dropped),
  const: (value) => (isScalar(value) ? exact({ enum: [value] }) : dropped),
  pattern: (value) => (isCommonPattern(String(value)) ? weaker({ pattern: value }) : dropped),
  format: (value) => weaker(formats[String(value)] ?? {}),
  required: (value, isRoot) =>
    Array.isArray(value) && value.length > 0
      ? exact({ required: value.map((member) => nameOf(String(member), isRoot)) })
      : exact({}),
  properties: (value, isRoot) => {
    const members = Object.entries(value ?? {}).map(([member, it]) => [member, translate(it)] as const)
    const properties = members.map(([member, { schema }]) => [nameOf(member, isRoot), schema])
    return { schema: { properties: Object.fromEntries(properties) }, isExact: areExact(members.map(second)) }
  },
  additionalProperties: (value) => {
    if (typeof value === 'boolean') return exact({ additionalProperties: value })
    const { schema, isExact } = translate(value)
    return { schema: { additionalProperties: schema }, isExact }
  },
  items: (value) => {
    const { schema, isExact } = translate(value)
    return { schema: { items: schema }, isExact }
  },
  allOf: (value, isRoot) => several('allOf', value, isRoot),
  anyOf: (value, isRoot) => several('anyOf', value, isRoot),
  // One of several that accept more could come to be two of them.
  oneOf: (value, isRoot) => {
    const translation = several('oneOf', value, isRoot)
    return translation.isExact ? translation : weaker({ anyOf: translation.schema['oneOf'] })
  },
  not: (value, isRoot) => {
    const { schema, isExact } = translate(value, isRoot)
    return isExact ? exact({ not: schema }) : dropped
  },
}

function several(keyword: string, value: unknown, isRoot: boolean): Translation {
  const all = Array.isArray(value) ? value.map((it) => translate(it, isRoot)) : []
  return { schema: { [keyword]: all.map((it) => it.schema) }, isExact: areExact(all) }
}

const second = <T>([, it]: readonly [string, T]): T => it
const areExact = (all: Translation[]) => all.every((it) => it.isExact)
const isScalar = (value: unknown) => typeof value !== 'object' || value === null

/** Any integer may be stored as a double. */
function typeRule(types: unknown[]): Translation {
  const bsonType = types.flatMap((type) => bsonTypes[String(type)] ?? [])
  if (!types.includes('integer') || types.includes('number')) return exact({ bsonType })
  return types.length === 1 ? exact({ bsonType, multipleOf: 1 }) : weaker({ bsonType })
}

const numberTypes = ['int', 'long', 'double']
const bsonTypes: Readonly<Record<string, string[]>> = {
  object: ['object'],
  array: ['array'],
  string: ['string'],
  boolean: ['bool'],
  null: ['null'],
  number: numberTypes,
  integer: numberTypes,
}

const formats: Readonly<Record<string, Bson>> = {
  uuid: { pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
  'date-time': { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,3})?Z$' },
}

/** Whether JavaScript and PCRE read it alike: classes, repetition, groups and plain characters only. */
function isCommonPattern(pattern: string): boolean {
  return !/\\[^\\/.\-^$|()[\]{}*+?d]|\(\?(?!:)|[^\x20-\x7e]/.test(pattern)
}
