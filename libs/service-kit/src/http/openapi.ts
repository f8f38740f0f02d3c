import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemSchema, problemType } from '../problem/problem.ts'
import type { App } from './app.ts'
import { liftShared } from './lift-shared.ts'

export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, unknown>>
  components?: Record<string, Record<string, unknown>>
  [key: string]: unknown
}

/** Describes the routes that follow as OpenAPI 3.1, made from the schemas that validate them. */
export async function describeRoutes(app: App, name: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Sandkeep ${name}`, version: '1' },
      components: {
        securitySchemes: {
          person: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token from POST /v1/auth/login',
          },
          service: {
            type: 'apiKey',
            in: 'header',
            name: 'sandkeep-service',
            description: 'A token of a service of the fleet',
          },
        },
      },
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input)
      const { operation = '', auth } = input.route.config ?? {}
      const security = auth === 'public' ? [] : [{ [auth ?? 'person']: [] }]
      const described = { security: schema?.security ?? security, tags: schema?.tags ?? [name] }
      const mayOmitBody = acceptsNothing(input.schema?.body)
      return nameWildcard(url, {
        ...schema,
        operationId: operation,
        ...described,
        ...(mayOmitBody && { [mayOmitBodyMark]: true }),
      })
    },
    transformObject: jsonSchemaTransformObject,
  })
}

// The describer takes every body for required; what may be left out is marked for the document.
const mayOmitBodyMark = 'x-may-omit-body'

const acceptsNothing = (schema: unknown): boolean =>
  schema instanceof z.ZodType && schema.safeParse(undefined).success

/** A path's open end is the parameter `path`: `*` is no name that a client could use. */
function nameWildcard<S extends { params?: unknown }>(url: string, schema: S): { url: string; schema: S } {
  if (!url.endsWith('/*')) return { url, schema }
  const params = JSON.stringify(schema.params ?? {}).replaceAll('"*"', '"path"')
  return { url: url.replace(/\*$/, ':path'), schema: { ...schema, params: JSON.parse(params) } }
}

/** The document of an app that is ready, with the problem answer on every operation. */
export function openApiDocument(app: App): OpenApiDocument {
  const swagger: OpenApiDocument = JSON.parse(JSON.stringify(app.swagger()))
  const document = liftShared(swagger)
  addProblemSchema(document)
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path)) {
      addProblem(operation as Operation)
      releaseBody(operation as Operation)
    }
  dropInputTwins(document)
  return document
}

function addProblemSchema(document: OpenApiDocument): void {
  // Having an id, it comes as a definition that is referred to.
  const { Problem } = z.toJSONSchema(problemSchema).$defs ?? {}
  document.components ??= {}
  document.components['schemas'] = { ...document.components['schemas'], Problem }
}

interface Operation {
  requestBody?: { required?: boolean }
  [mayOmitBodyMark]?: true
  responses?: Record<string, { description?: string; content?: unknown }>
}

function releaseBody(operation: Operation): void {
  if (operation[mayOmitBodyMark] && operation.requestBody) delete operation.requestBody.required
  delete operation[mayOmitBodyMark]
}

function addProblem(operation: Operation): void {
  operation.responses ??= {}
  operation.responses['default'] = {
    description: 'A problem: see its code',
    content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

// Each schema with an id is registered for input and for output; the twins that nothing refers to are noise.
function dropInputTwins(document: OpenApiDocument): void {
  const schemas = document.components?.['schemas']
  if (!schemas) return
  const text = JSON.stringify(document.paths) + JSON.stringify(schemas)
  for (const name of Object.keys(schemas))
    if (name.endsWith('Input') && !text.includes(`"#/components/schemas/${name}"`)) delete schemas[name]
}

/** The app's document as JSON, made when it is first asked for. */
export function ownDocument(app: App): () => Promise<string> {
  let json: string | undefined
  return async () => (json ??= JSON.stringify(openApiDocument(app)))
}

/** `/openapi.json`: what is offered here. */
export function openApiRoute(app: App, json: () => Promise<string>): void {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    operation: 'openapi',
    auth: 'public',
    schema: { hide: true },
    handler: async (_request, reply) => reply.type('application/json; charset=utf-8').send(await json()),
  })
}
