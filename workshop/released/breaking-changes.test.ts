import { expect, test } from 'vitest'
import { findBreakingChanges } from './breaking-changes.ts'
import { body, detail, document, type Edit, read, thing, write } from './sample-document.ts'

const breaking: Record<string, Edit> = {
  'a path is removed': (it) => delete it.paths['/v1/things/{id}'],
  'an operation is removed': (it) => delete it.paths['/v1/things/{id}']?.post,
  'an operation is renamed': (it) => Object.assign(read(it), { operationId: 'fetchThing' }),
  'an operation asks for a token': (it) => Object.assign(read(it), { security: [{ bearer: [] }] }),
  'a body field is removed': (it) => delete body(it).properties.kind,
  'a body field becomes required': (it) => body(it).required.push('kind'),
  'a required body field is added': (it) => {
    body(it).properties.size = { type: 'integer' }
    body(it).required.push('size')
  },
  'a body field changes its type': (it) => Object.assign(body(it).properties.name ?? {}, { type: 'number' }),
  'a body field gets a lower maximum': (it) =>
    Object.assign(body(it).properties.name ?? {}, { maxLength: 5 }),
  'a body field gets a pattern': (it) => Object.assign(body(it).properties.name ?? {}, { pattern: '^a' }),
  'a body field loses an enum value': (it) => body(it).properties.kind?.enum?.pop(),
  'a nested body field is removed': (it) => delete detail(it).properties.line,
  'the body becomes required': (it) => Object.assign(write(it).requestBody ?? {}, { required: true }),
  'the body changes its media type': (it) => {
    const content = write(it).requestBody?.content ?? {}
    Object.assign(content, { 'text/plain': content['application/json'] })
    delete content['application/json']
  },
  'a required parameter is added': (it) =>
    read(it).parameters?.push({ name: 'z', in: 'query', required: true, schema: { type: 'string' } }),
  'a required header is added': (it) =>
    read(it).parameters?.push({ name: 'if-match', in: 'header', required: true, schema: { type: 'string' } }),
  'a parameter is removed': (it) => read(it).parameters?.pop(),
  'a parameter gets a lower maximum': (it) =>
    Object.assign(read(it).parameters?.at(-1)?.schema ?? {}, { maxLength: 1 }),
  'an answered field is removed': (it) => delete thing(it).properties.note,
  'an answered field becomes optional': (it) => thing(it).required.pop(),
  'an answered field changes its type': (it) =>
    Object.assign(thing(it).properties.name ?? {}, { type: 'number' }),
  'an answered field changes its format': (it) =>
    Object.assign(thing(it).properties.at ?? {}, { format: 'date' }),
  'an answered field loses its format': (it) => delete thing(it).properties.at?.format,
  'an answered field gets an enum value': (it) => thing(it).properties.kind?.enum?.push('c'),
  'an answered field becomes nullable': (it) => {
    thing(it).properties.name = { anyOf: [{ type: 'string' }, { type: 'null' }] }
  },
  'a success status is replaced': (it) => {
    read(it).responses = { '202': { description: 'accepted' } }
  },
}

const safe: Record<string, Edit> = {
  'nothing changes': () => undefined,
  'a path is added': (it) =>
    Object.assign(it.paths, { '/v1/others': { get: { operationId: 'o', responses: {} } } }),
  'an optional body field is added': (it) =>
    Object.assign(body(it).properties, { size: { type: 'integer' } }),
  'a body field is no longer required': (it) => body(it).required.pop(),
  'a body field gets a higher maximum': (it) =>
    Object.assign(body(it).properties.name ?? {}, { maxLength: 50 }),
  'a body field gets an enum value': (it) => body(it).properties.kind?.enum?.push('c'),
  'an optional parameter is added': (it) =>
    read(it).parameters?.push({ name: 'z', in: 'query', schema: { type: 'string' } }),
  'an answered field is added': (it) => Object.assign(thing(it).properties, { size: { type: 'integer' } }),
  'a required answered field is added': (it) => {
    thing(it).properties.size = { type: 'integer' }
    thing(it).required.push('size')
  },
  'an answered field becomes required': (it) => thing(it).required.push('kind'),
  'an answered field loses an enum value': (it) => thing(it).properties.kind?.enum?.pop(),
  'an answered field is no longer nullable': (it) =>
    Object.assign(thing(it).properties, { note: { type: 'string' } }),
  'an error status is added': (it) =>
    Object.assign(read(it).responses, { '409': { description: 'conflict' } }),
  'words change': (it) => {
    it.info = { title: 'Things', version: '2' }
    Object.assign(read(it), { summary: 'Read', description: 'Reads a thing' })
  },
}

test.each(Object.entries(breaking))('breaking: %s', (_, edit) => {
  expect(changesOf(edit)).not.toEqual([])
})

test.each(Object.entries(safe))('safe: %s', (_, edit) => {
  expect(changesOf(edit)).toEqual([])
})

test('a change is told by route and place', () => {
  expect(changesOf((it) => delete body(it).properties.kind)).toEqual([
    expect.stringMatching(/^POST \/v1\/things\/\{id\}: remove requestBody\/.*\/properties\/kind \(/),
  ])
})

function changesOf(edit: Edit): string[] {
  const after = document()
  edit(after)
  return findBreakingChanges(document(), after)
}
