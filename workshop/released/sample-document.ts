// A small OpenAPI document in the shape that our services make, and ways into it for tests that edit it.

type Schema = {
  $ref?: string
  type?: string
  format?: string
  enum?: string[]
  anyOf?: Schema[]
  maxLength?: number
  items?: Schema
}
type ObjectSchema = Schema & { properties: Record<string, Schema>; required: string[] }
type Content = Record<string, { schema: object }>
type Operation = {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, { description: string; content?: Content }>
}
export type Document = {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, { get?: Operation; post?: Operation }>
  components: { schemas: Record<string, ObjectSchema> }
}
export type Edit = (it: Document) => unknown

export function document(): Document {
  const json = (schema: object): Content => ({ 'application/json': { schema } })
  const answer = { description: 'the thing', content: json({ $ref: '#/components/schemas/Thing' }) }
  return {
    openapi: '3.1.0',
    info: { title: 'Sample', version: '1' },
    paths: {
      '/v1/things/{id}': {
        get: {
          operationId: 'getThing',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'q', in: 'query', schema: { type: 'string', maxLength: 10 } },
          ],
          responses: { '200': answer, '404': { description: 'no such thing' } },
        },
        post: {
          operationId: 'changeThing',
          requestBody: { required: false, content: json({ $ref: '#/components/schemas/Change' }) },
          responses: { '201': answer },
        },
      },
    },
    components: { schemas: { Thing: thingSchema(), Change: changeSchema(), Detail: detailSchema() } },
  }
}

const kind = (): Schema => ({ type: 'string', enum: ['a', 'b'] })

function thingSchema(): ObjectSchema {
  return {
    type: 'object',
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      kind: kind(),
      at: { type: 'string', format: 'date-time' },
    },
    required: ['id', 'name'],
  }
}

function changeSchema(): ObjectSchema {
  const details = { type: 'array', items: { $ref: '#/components/schemas/Detail' } }
  return {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 10 }, kind: kind(), details },
    required: ['name'],
  }
}

const detailSchema = (): ObjectSchema => ({
  type: 'object',
  properties: { line: { type: 'string' } },
  required: [],
})

export const read = (it: Document): Operation => pick(it.paths['/v1/things/{id}']?.get)
export const write = (it: Document): Operation => pick(it.paths['/v1/things/{id}']?.post)
export const thing = (it: Document): ObjectSchema => pick(it.components.schemas.Thing)
export const body = (it: Document): ObjectSchema => pick(it.components.schemas.Change)
export const detail = (it: Document): ObjectSchema => pick(it.components.schemas.Detail)

function pick<T>(it: T | undefined): T {
  if (it === undefined) throw new Error('The sample document does not have that part')
  return it
}
