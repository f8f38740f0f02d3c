import { exampleFormats, exampleOf } from './example.ts'
import type { Operation, Schema } from './schema.ts'

/** A body that a route must refuse. */
export interface Mutation {
  name: string
  body: string
  /** The JSON pointer that the refusal must name; null where the body as a whole is refused. */
  pointer: string | null
}

/** Larger than any route of JSON takes. */
const oversizedBytes = 9 * 1024 * 1024

/** Every way that we know to send a wrong body to a route. */
export function mutationsOf({ body, mayOmitBody }: Pick<Operation, 'body' | 'mayOmitBody'>): Mutation[] {
  const schema = body ?? {}
  const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  const object = branches.find((it) => it.properties !== undefined) ?? schema
  const mayBeAbsent = mayOmitBody || branches.some((it) => it.type === 'null')
  const valid = Object(exampleOf(object))
  return [...ofShape(valid, mayBeAbsent), ...ofObject(object, '', (value) => value)]
}

function ofShape(valid: object, mayBeAbsent: boolean): Mutation[] {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  const text = JSON.stringify(valid)
  const whole = (name: string, body: string): Mutation => ({ name, body, pointer: null })
  const absent = [whole('an empty body', ''), whole('null instead of an object', 'null')]
  return [
    ...(mayBeAbsent ? [] : absent),
    whole('a body that is not JSON', '{"a":'),
    whole('a list instead of an object', `[${text}]`),
    whole('a text instead of an object', '"text"'),
    whole('a body nested 20,000 deep', deep),
    whole('a body that is too large', JSON.stringify({ ...valid, padding: 'x'.repeat(oversizedBytes) })),
    whole(
      'a body that sets __proto__',
      `{"__proto__":{"role":"admin"}${text === '{}' ? '}' : `,${text.slice(1)}`}`,
    ),
    whole(
      'a body that sets constructor.prototype',
      JSON.stringify({ ...valid, constructor: { prototype: { a: 1 } } }),
    ),
  ]
}

/** Puts a part of a body where it belongs in the whole. */
type Embed = (part: unknown) => unknown

function ofObject(schema: Schema, at: string, embed: Embed): Mutation[] {
  const valid = Object(exampleOf(schema))
  const mutation = (name: string, part: object, pointer: string): Mutation => ({
    name,
    body: JSON.stringify(embed(part)),
    pointer,
  })
  const unknown =
    schema.additionalProperties === false
      ? [mutation(`${at}: an unknown field`, { ...valid, unknownField: true }, `${at}/unknownField`)]
      : []
  const missing = (schema.required ?? []).map((name) => {
    const { [name]: _, ...without } = valid
    return mutation(`${at}/${name}: missing`, without, `${at}/${name}`)
  })
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    ofValue(property, `${at}/${name}`, (part) => embed({ ...valid, [name]: part })),
  )
  return [...unknown, ...missing, ...wrong]
}

function ofValue(schema: Schema, at: string, embed: Embed): Mutation[] {
  const wrong = wrongValues(schema).map(([what, value]) => ({
    name: `${at}: ${what}`,
    body: JSON.stringify(embed(value)),
    pointer: at,
  }))
  const inside = schema.properties === undefined ? [] : ofObject(schema, at, embed)
  const items = schema.items === undefined ? [] : ofValue(schema.items, `${at}/0`, (part) => embed([part]))
  return [...wrong, ...inside, ...items]
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
  if (schema.format !== undefined && schema.format in exampleFormats)
    wrong.push(['no such format', '\u0000no'])
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
  return new Set([schema.type ?? []].flat())
}
