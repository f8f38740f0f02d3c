import { z } from 'zod'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  additionalProperties?: boolean | Schema
  $ref?: string
  default?: unknown
}

const anySchema: z.ZodType<Schema> = z.record(z.string(), z.unknown())

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  schema: anySchema,
})
export type Parameter = z.infer<typeof parameterSchema>

const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z
    .object({
      required: z.boolean().optional(),
      content: z.record(z.string(), z.object({ schema: anySchema.optional() })),
    })
    .optional(),
  responses: z.record(z.string(), z.unknown()),
})

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), anySchema).default({}) }),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
})
export type Document = z.infer<typeof documentSchema>

export interface Operation {
  id: string
  method: string
  path: string
  isPublic: boolean
  parameters: Parameter[]
  /** The schema of a JSON body, references resolved; null when the route takes none. */
  body: Schema | null
  mayOmitBody: boolean
}

/** Every operation of an OpenAPI document, with references resolved. */
export function operationsOf(json: unknown): Operation[] {
  const document = documentSchema.parse(json)
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = operation.requestBody?.content ?? {}
      const body = content['application/json']?.schema
      const security = operation.security ?? document.security ?? []
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        isPublic: security.length === 0,
        parameters: operation.parameters.map((it) => ({ ...it, schema: resolve(it.schema, document) })),
        mayOmitBody: operation.requestBody?.required !== true,
        body: body === undefined ? null : resolve(body, document),
      }
    }),
  )
}

// References become what they point to, down to a depth that no request body of ours reaches.
function resolve(schema: Schema, document: Document, depth = 0): Schema {
  if (depth > 12) return {}
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return resolve(document.components.schemas[name] ?? {}, document, depth + 1)
  }
  const deeper = (it: Schema): Schema => resolve(it, document, depth + 1)
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, it]) => [name, deeper(it)]),
      ),
    }),
    ...(schema.items && { items: deeper(schema.items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(deeper) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(deeper) }),
    ...(schema.allOf && { allOf: schema.allOf.map(deeper) }),
  }
}
