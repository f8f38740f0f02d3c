import type { Schema } from './schema.ts'

export const exampleFormats: Record<string, string> = {
  uuid: '01890000-0000-7000-8000-000000000000',
  email: 'somebody@example.org',
  'date-time': '2030-01-01T00:00:00.000Z',
  date: '2030-01-01',
  uri: 'https://example.org/',
}

/** A value that a schema allows, with its required properties only. Patterns are met by the names that we use. */
export function exampleOf(schema: Schema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  const [first] = schema.anyOf ?? schema.oneOf ?? []
  if (first !== undefined) return exampleOf(first, name)
  const type = [schema.type].flat()[0]
  if (type === 'object' || schema.properties !== undefined) return exampleObject(schema)
  if (type === 'array') return [exampleOf(schema.items ?? {}, name)]
  if (type === 'integer' || type === 'number') return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1
  if (type === 'boolean') return true
  return exampleText(schema, name)
}

function exampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, name)]))
}

function exampleText({ format, minLength = 0 }: Schema, name: string): string {
  if (format !== undefined && exampleFormats[format] !== undefined) return exampleFormats[format]
  if (name === 'email') return 'somebody@example.org'
  if (name.toLowerCase().endsWith('password')) return 'correct horse battery staple'
  return 'example'.padEnd(minLength, 'x')
}
