import { expect, test } from 'vitest'
import type { Json, OpenApiDocument } from './document.ts'
import { mergeDocuments } from './merge.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const answering = (schema: Json) => ({
  get: { security: [{ person: [] }], responses: { 200: { content: { 'application/json': { schema } } } } },
})

function document(paths: OpenApiDocument['paths'], schemas: Record<string, Json>): OpenApiDocument {
  const securitySchemes = { person: { type: 'http' }, service: { type: 'apiKey' } }
  return {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths,
    components: { schemas, securitySchemes },
  }
}

const problem = { type: 'object', properties: { code: { type: 'string' } } }
const identity = document(
  { '/v1/me': answering(ref('Page')), '/internal/v1/revocations': answering(ref('Secret')) },
  {
    Page: { type: 'object', properties: { user: ref('User') } },
    User: { type: 'object' },
    Secret: {},
    Problem: problem,
  },
)
const sandbox = document(
  { '/v1/sandboxes': answering({ anyOf: [ref('Page'), ref('Problem')] }) },
  { Page: { type: 'array', items: ref('Sandbox') }, Sandbox: { type: 'object' }, Problem: problem },
)
const merged = mergeDocuments(
  [
    { service: 'identity', document: identity },
    { service: 'sandbox', document: sandbox },
  ],
  { info: { title: 'Sandkeep', version: '1' }, isPublic: (path) => path.startsWith('/v1/') },
)

test('the paths of all services are there, tagged by service, without the internal ones', () => {
  expect(Object.keys(merged.paths)).toEqual(['/v1/me', '/v1/sandboxes'])
  expect(merged.paths['/v1/me']?.['get']).toMatchObject({ tags: ['identity'] })
})

test('a name that two services define apart is told apart, and references follow', () => {
  expect(Object.keys(merged.components?.['schemas'] ?? {})).toEqual([
    'Page',
    'Problem',
    'Sandbox',
    'SandboxPage',
    'User',
  ])
  expect(JSON.stringify(merged.paths['/v1/sandboxes'])).toContain('#/components/schemas/SandboxPage')
  expect(merged.components?.['schemas']?.['SandboxPage']).toEqual({ type: 'array', items: ref('Sandbox') })
})

test('what only internal paths use is left out', () => {
  expect(merged.components?.['schemas']).not.toHaveProperty('Secret')
  expect(Object.keys(merged.components?.['securitySchemes'] ?? {})).toEqual(['person'])
})

test('two services that describe one path are refused', () => {
  const twice = [
    { service: 'identity', document: identity },
    { service: 'other', document: identity },
  ]
  expect(() => mergeDocuments(twice, { info: merged.info, isPublic: () => true })).toThrow('/v1/me')
})
