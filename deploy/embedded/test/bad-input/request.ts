import type { Call } from '../harness.ts'
import { exampleOf } from './example.ts'
import type { Operation } from './schema.ts'

/** What is there, for the parameters of paths. */
export interface Things {
  sandboxId: string
  checkpointId: string
  userId: string
  sessionId: string
  filePath: string
}

const uploadTypes: Record<string, string> = {
  importSandbox: 'application/zip',
  replaceMyAvatar: 'image/png',
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

// A rule that the schema cannot say: one action for each path.
const anyChange = { changes: [{ path: 'new.txt', content: 'new' }] }

/** A request that is right but for what a test puts into it; its If-Match names a version that never was. */
export function requestOf(operation: Operation, things: Things, path: Record<string, string> = {}): Call {
  const { method, body } = operation
  const headers = operation.parameters.filter((it) => it.in === 'header').map((it) => it.name)
  const upload = body === null && method === 'PUT'
  return {
    method,
    path: pathOf(operation, things, path) + queryOf(operation),
    headers: {
      ...(headers.includes('idempotency-key') ? { 'idempotency-key': crypto.randomUUID() } : {}),
      ...(headers.includes('if-match') ? { 'if-match': '"999999"' } : {}),
      ...(upload ? { 'content-type': uploadTypes[operation.id] ?? 'text/plain' } : {}),
    },
    ...(body === null ? {} : { body: operation.id === 'changeFiles' ? anyChange : exampleOf(body) }),
    ...(upload ? { raw: operation.id === 'replaceMyAvatar' ? pixel : 'bytes' } : {}),
  }
}

function pathOf({ path }: Operation, things: Things, given: Record<string, string>): string {
  const id = path.startsWith('/v1/users')
    ? things.userId
    : path.startsWith('/v1/me/sessions')
      ? things.sessionId
      : things.sandboxId
  const values: Record<string, string> = {
    id,
    checkpointId: things.checkpointId,
    path: things.filePath,
    sha256: '0'.repeat(64),
    ...given,
  }
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

function queryOf({ parameters }: Operation): string {
  const required = parameters.filter((it) => it.in === 'query' && it.required === true)
  const query = required.map(({ name, schema }) => `${name}=${String(exampleOf(schema, name))}`).join('&')
  return query === '' ? '' : `?${query}`
}
