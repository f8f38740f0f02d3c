import fastJson from 'fast-json-stringify'
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'
import { z } from 'zod'
import { DomainError, type FieldError } from '../problem/domain-error.ts'

/** A request that its route's schema refuses. */
class RequestInvalidError extends DomainError {
  override readonly name = 'RequestInvalidError'
  constructor(errors: FieldError[]) {
    super({
      kind: 'malformed',
      code: 'request_invalid',
      message: `The request does not fit: ${errors.map((it) => `${it.pointer || 'the body'} ${it.message}`).join('; ')}.`,
      errors,
    })
  }
}

const prefixOf: Record<string, string> = {
  body: '',
  querystring: '/query',
  params: '/path',
  headers: '/headers',
}

const mostErrors = 20

/** Validates with the route's zod schema, and hands the parsed value on. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const prefix = prefixOf[httpPart ?? 'body'] ?? ''
  return (data: unknown) => {
    // Fastify says null where there is no body.
    const parsed = schema.safeParse(data ?? undefined, { reportInput: true })
    if (parsed.success) return { value: parsed.data }
    const errors = parsed.error.issues.slice(0, mostErrors).flatMap((issue) => fieldErrors(prefix, issue))
    return { error: new RequestInvalidError(errors) }
  }
}

function fieldErrors(prefix: string, issue: z.core.$ZodIssue): FieldError[] {
  const pointer = prefix + issue.path.map((part) => `/${escapePointer(String(part))}`).join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapePointer(key)}`,
      code: 'unknown_field',
      message: 'is not known here',
    }))
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const code = isMissing ? 'required' : issue.code
  return [{ pointer, code, message: isMissing ? 'is required' : sentence(issue.message) }]
}

const escapePointer = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')

const sentence = (message: string) => {
  const text = message.replace(/^(Invalid input|Too (small|big)): /, '')
  return `is wrong: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/**
 * Writes answers with a function compiled from the route's zod schema: undeclared fields are left out.
 * Compiling is several times as fast at run time as parsing each answer with zod.
 */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema }) => {
  const jsonSchema = toJsonSchema(schema)
  // A schema that says nothing (an answer without a body) leaves nothing to compile.
  if (Object.keys(jsonSchema).length === 0) return (data) => JSON.stringify(data) ?? ''
  return fastJson(jsonSchema, { ajv: { formats: { unsafe: true } } })
}

function toJsonSchema(schema: z.ZodType): fastJson.AnySchema {
  const { $schema, id, ...json } = z.toJSONSchema(schema, {
    io: 'output',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.id
      // Free JSON needs no compiled writer, and its recursive schema would slow it down.
      if (isFreeJson(zodSchema)) for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      // Half of a list's time would go into looking for what to escape where there can be nothing.
      if (isPlainText(zodSchema)) jsonSchema.format = 'unsafe'
    },
  })
  return json as fastJson.AnySchema
}

/** Whether its values hold no character that JSON escapes: ids, times, and words of a list. */
const isPlainText = ({ _zod: { def } }: z.core.$ZodTypes) =>
  (def.type === 'string' && 'format' in def && (def.format === 'uuid' || def.format === 'datetime')) ||
  (def.type === 'enum' && Object.values(def.entries).every((word) => /^[\w-]+$/.test(String(word))))

const isFreeJson = (schema: z.core.$ZodTypes) => schema._zod.def.type === 'lazy'
