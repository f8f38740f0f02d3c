import { expect, test } from 'vitest'
import { toServerSchema } from './json-schema.ts'

const memberOf = (schema: unknown) => toServerSchema({ properties: { it: schema } })['properties'].it

test.for<[string, unknown, object]>([
  [
    'an integer',
    { type: 'integer', minimum: 1 },
    { bsonType: ['int', 'long', 'double'], multipleOf: 1, minimum: 1 },
  ],
  ['one of two types', { type: ['string', 'null'] }, { bsonType: ['string', 'null'] }],
  [
    'an exclusive limit beside another',
    { minimum: 1, exclusiveMinimum: 2 },
    { minimum: 1, allOf: [{ minimum: 2, exclusiveMinimum: true }] },
  ],
  ['a constant', { const: 'a' }, { enum: ['a'] }],
  ['anything', true, {}],
  ['nothing', false, { not: {} }],
  ['a pattern that every engine reads alike', { pattern: '^[0-9a-f]{64}$' }, { pattern: '^[0-9a-f]{64}$' }],
  ['a name that means something to MongoDB', { required: ['$x'] }, { required: ['~$x'] }],
])('%s is said in the words of MongoDB', ([, schema, expected]) => {
  expect(memberOf(schema)).toEqual(expected)
})

test.for<[string, unknown, object]>([
  ['a pattern of JavaScript', { pattern: '^\\p{L}+$', minLength: 1 }, { minLength: 1 }],
  ['a reference', { $ref: '#/$defs/x', maxLength: 2 }, { maxLength: 2 }],
  ['an object among the choices', { enum: [{ a: 1 }] }, {}],
  ['the rest of a tuple', { prefixItems: [{ type: 'string' }], items: false }, {}],
  ['members by pattern', { patternProperties: { '^x': {} }, additionalProperties: false }, {}],
  ['the opposite of what is left out', { not: { $ref: '#/$defs/x' } }, {}],
  [
    'one of several that are left out in part',
    { oneOf: [{ $ref: 'a' }, { minLength: 1 }] },
    { anyOf: [{}, { minLength: 1 }] },
  ],
])('%s is left out, and so are the rules that lean on it', ([, schema, expected]) => {
  expect(memberOf(schema)).toEqual(expected)
})

test('a closed document has room for what the adapter adds, and its id is _id', () => {
  const closed = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  const schema = toServerSchema({ ...closed, additionalProperties: false, maxProperties: 1 })
  expect(schema).toMatchObject({ required: ['_id'], additionalProperties: false })
  expect(Object.keys(schema['properties'])).toEqual(['_id', '_size', '_write', '_expiresAt', '_escaped'])
  expect(schema).not.toHaveProperty('maxProperties')
})
