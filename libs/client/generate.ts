import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import openapiTS, { astToString, COMMENT_HEADER, UNKNOWN } from 'openapi-typescript'

// Writes the types of every route out of docs/openapi.json. Bytes and free JSON are unknown here.
const document = new URL('../../docs/openapi.json', import.meta.url)
const types = await openapiTS(document, {
  transform: ({ format }, { path }) =>
    format === 'binary' || path?.endsWith('/JsonValue') ? UNKNOWN : undefined,
})
const folder = join(import.meta.dirname, 'src/generated')
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'schema.ts'), COMMENT_HEADER + astToString(types))
