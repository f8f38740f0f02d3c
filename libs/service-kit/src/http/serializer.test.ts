import { expect, test } from 'vitest'
import { z } from 'zod'
import { serializerCompiler } from './validation.ts'

const answer = z.object({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(['student', 'admin']),
  mood: z.enum(['fine', 'so "so"']),
  at: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  metadata: z.record(z.string(), z.json()),
})
const serialize = serializerCompiler({ schema: answer, method: 'GET', url: '/', httpStatus: '200' })

const value = {
  id: '019ab3c0-0000-7000-8000-000000000000',
  name: 'says "hi"\n',
  role: 'admin',
  mood: 'so "so"',
  at: '2026-11-25T10:00:00.000Z',
  until: null,
  metadata: { deep: ['"', { '"': null }] },
}

test('an answer reads back as it was given, whatever has to be escaped', () => {
  expect(JSON.parse(serialize(value))).toEqual(value)
  expect(JSON.parse(serialize({ ...value, until: value.at }))).toEqual({ ...value, until: value.at })
})

test('fields that the schema does not name are left out', () => {
  expect(JSON.parse(serialize({ ...value, passwordHash: 'secret' }))).toEqual(value)
})

test('a field that the schema needs is missed', () => {
  const { id: _, ...rest } = value
  expect(() => serialize(rest)).toThrow('"id" is required')
})
