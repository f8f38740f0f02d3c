import type { AnyDefinition } from './documents.ts'
import { CollectionDefinitionError } from './errors.ts'

export type FieldType = 'text' | 'number' | 'texts'

export interface Key {
  name: string
  fields: readonly string[]
  unique: boolean
}

/** A definition that was checked, in the form that adapters work with. */
export interface Layout {
  name: string
  /** Every field that is part of a key, `id` apart, with the type it is ordered by. */
  fields: ReadonlyMap<string, FieldType>
  /** The order by `id` included. */
  keys: ReadonlyMap<string, Key>
  expiresAt: string | undefined
}

interface ObjectSchema {
  type?: unknown
  required?: unknown
  properties?: Record<string, { type?: unknown; format?: unknown; items?: { type?: unknown } }>
}

const collectionName = /^[a-z][a-z0-9_]{0,29}$/
const memberName = /^[a-z][a-zA-Z0-9]{0,31}$/
const reservedNames = ['collections']
const maxFieldsPerKey = 8

/** Checks what the schema checker cannot see, and says what to change. */
export function layoutOf(definition: AnyDefinition): Layout {
  const { name, expiresAt } = definition
  const schema: ObjectSchema = definition.schema
  const declared = Object.entries(definition.keys ?? {}).map(
    ([key, { fields, unique = false }]): Key => ({ name: key, fields, unique }),
  )
  const rule = brokenName(name) ?? brokenSchema(schema, expiresAt) ?? brokenKey(declared)
  if (rule !== undefined) throw new CollectionDefinitionError(name, rule)
  const byId: Key = { name: 'id', fields: ['id'], unique: true }
  const keys = new Map([byId, ...declared].map((key) => [key.name, key]))
  return { name, fields: keyFields(schema, name, declared), keys, expiresAt }
}

function brokenName(name: string): string | undefined {
  if (collectionName.test(name) && !reservedNames.includes(name)) return undefined
  return 'the name must be snake_case, at most 30 characters, and not "collections"'
}

function brokenSchema(schema: ObjectSchema, expiresAt: string | undefined): string | undefined {
  if (schema.type !== 'object' || schema.properties?.['id']?.type !== 'string' || !isRequired(schema, 'id')) {
    return 'the schema must be of an object with a required string "id"'
  }
  if (expiresAt === undefined || schema.properties[expiresAt]?.format === 'date-time') return undefined
  return `"${expiresAt}" must be a string of format date-time to be the expiry`
}

function brokenKey(keys: Key[]): string | undefined {
  for (const { name, fields } of keys) {
    if (!memberName.test(name) || name === 'id') {
      return `the key ${name} needs a camelCase name other than id, at most 32 characters`
    }
    if (fields.length === 0 || fields.length > maxFieldsPerKey || new Set(fields).size < fields.length) {
      return `the key ${name} needs 1 to ${maxFieldsPerKey} different fields`
    }
  }
  return undefined
}

function keyFields(schema: ObjectSchema, collection: string, keys: Key[]): Map<string, FieldType> {
  const fields = new Map<string, FieldType>()
  for (const key of keys) {
    for (const field of key.fields) {
      const type = fieldType(schema, field)
      if (!type) {
        const rule = `"${field}" of key ${key.name} must be a required string, number or list of strings, not id`
        throw new CollectionDefinitionError(collection, rule)
      }
      if (type === 'texts' && (key.fields.length > 1 || key.unique)) {
        const rule = `the key ${key.name} of a list has no other field and is not unique`
        throw new CollectionDefinitionError(collection, rule)
      }
      fields.set(field, type)
    }
  }
  return fields
}

function fieldType(schema: ObjectSchema, field: string): FieldType | null {
  if (field === 'id' || !memberName.test(field) || !isRequired(schema, field)) return null
  const { type, items } = schema.properties?.[field] ?? {}
  if (type === 'string') return 'text'
  if (type === 'array') return items?.type === 'string' ? 'texts' : null
  return type === 'integer' || type === 'number' ? 'number' : null
}

function isRequired(schema: ObjectSchema, field: string): boolean {
  return Array.isArray(schema.required) && schema.required.includes(field)
}
