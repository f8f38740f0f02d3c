import { exampleOf } from './example.ts'
import type { Schema } from './schema.ts'

/** A body that a route must refuse. */
export interface Mutation {
  name: string
  body: string
  /** The JSON pointer that the refusal must name; null where the body as a whole is refused. */
  pointer: string | null
}

/** Every way that we know to send a wrong body to a route. */
export function mutationsOf(schema: Schema): Mutation[] {
  const valid = Object(exampleOf(schema))
  return [...ofShape(valid), ...ofProperties(schema, valid), ...ofUnknown(schema, valid)]
}

function ofShape(valid: object): Mutation[] {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  const whole = (name: string, body: string): Mutation => ({ name, body, pointer: null })
  return [
    whole('a body that is not JSON', '{"a":'),
    whole('an empty body', ''),
    whole('a list instead of an object', JSON.stringify([valid])),
    whole('a text instead of an object', '"text"'),
    whole('null instead of an object', 'null'),
    whole('a body nested 20,000 deep', deep),
    whole('a body of 40 MiB', JSON.stringify({ ...valid, padding: 'x'.repeat(40 * 1024 * 1024) })),
    whole('a body that sets __proto__', `{"__proto__":{"role":"admin"},${JSON.stringify(valid).slice(1)}`),
    whole(
      'a body that sets constructor.prototype',
      JSON.stringify({ ...valid, constructor: { prototype: { a: 1 } } }),
    ),
  ]
}

function ofProperties(schema: Schema, valid: object): Mutation[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const pointer = `/${name}`
    const wrong = wrongValues(property).map(([what, value]) => ({
      name: `${name}: ${what}`,
      body: JSON.stringify({ ...valid, [name]: value }),
      pointer,
    }))
    const isRequired = schema.required?.includes(name) === true
    const { [name]: _, ...without } = Object(valid)
    return isRequired
      ? [...wrong, { name: `${name}: missing`, body: JSON.stringify(without), pointer }]
      : wrong
  })
}

function ofUnknown({ additionalProperties }: Schema, valid: object): Mutation[] {
  if (additionalProperties !== false) return []
  const body = JSON.stringify({ ...valid, unknownField: true })
  return [{ name: 'a field that the route does not know', body, pointer: '/unknownField' }]
}

function wrongValues(schema: Schema): [string, unknown][] {
  const types = typesOf(schema)
  if (types.size === 0) return []
  const candidates: [string, string, unknown][] = [
    ['a number', 'number', 12.5],
    ['an object', 'object', { $ne: null }],
    ['a list', 'array', [[]]],
    ['a boolean', 'boolean', true],
    ['null', 'null', null],
  ]
  const wrong = candidates
    .filter(([, type]) => !types.has(type))
    .map(([what, , value]): [string, unknown] => [what, value])
  if (types.has('string') && schema.maxLength !== undefined)
    wrong.push(['too long', 'x'.repeat(schema.maxLength + 1)])
  if (schema.enum !== undefined) wrong.push(['none of the values', 'no-such-value'])
  if (schema.maximum !== undefined) wrong.push(['too large', schema.maximum + 1])
  if (schema.minimum !== undefined) wrong.push(['too small', schema.minimum - 1])
  return wrong
}

function typesOf(schema: Schema): Set<string> {
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined) {
    const each = branches.map(typesOf)
    return each.some((types) => types.size === 0) ? new Set() : new Set(each.flatMap((types) => [...types]))
  }
  const own = [schema.type ?? []].flat()
  return new Set(own)
}
