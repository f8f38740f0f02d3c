import { expect, test } from 'vitest'
import { type Note, noteDefinition } from '../test/note.ts'
import { layoutOf } from './definition.ts'
import type { CollectionDefinition } from './index.ts'
import { createValidator } from './validator.ts'

const refusal = (part: Partial<CollectionDefinition<Note>>) => () =>
  layoutOf({ ...noteDefinition(), ...part })
const withoutText = {
  type: 'object',
  required: ['id', 'owner'],
  properties: { id: { type: 'string' }, owner: {} },
}

test.for<[string, Partial<CollectionDefinition<Note>>, string]>([
  ['a name with capitals', { name: 'Notes' }, 'must be snake_case'],
  ['a name that starts with _', { name: '_prisma_migrations' }, 'must be snake_case'],
  ['the name of the registry', { name: 'collections' }, 'not "collections"'],
  ['a schema without id', { schema: { type: 'object' } }, 'required string "id"'],
  ['a key of a field without type', { schema: withoutText, expiresAt: 'owner' }, 'format date-time'],
  ['a key named id', { keys: { id: { fields: ['rank'] } } }, 'other than id'],
  ['a key without fields', { keys: { byNothing: { fields: [] } } }, 'needs 1 to 8 different fields'],
  ['a key of a field twice', { keys: { byRank: { fields: ['rank', 'rank'] } } }, 'different fields'],
  [
    'a key of an optional field',
    { keys: { byExpiry: { fields: ['expiresAt'] } } },
    '"expiresAt" of key byExpiry must be',
  ],
  ['a list beside another field', { keys: { byTag: { fields: ['tags', 'rank'] } } }, 'has no other field'],
  ['an expiry that is no time', { expiresAt: 'owner' }, '"owner" must be a string of format date-time'],
])('%s is refused with the rule', ([, part, rule]) => {
  expect(refusal(part)).toThrow(rule)
})

test('a schema that JSON Schema does not know is refused with the collection', () => {
  const definition = noteDefinition()
  const schema = { ...definition.schema, propertys: {} }
  expect(() => createValidator(layoutOf(definition), schema)).toThrow(
    `Collection "${definition.name}": the schema cannot be used`,
  )
})
