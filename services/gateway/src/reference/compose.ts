import type { Route } from '../upstreams.ts'
import type { OpenApiDocument } from './document.ts'
import { mergeDocuments, type Part } from './merge.ts'
import { publicPathsOf } from './public-paths.ts'

const info = {
  title: 'Sandkeep API',
  version: '1',
  description: [
    'Sign in with `POST /v1/auth/login` and send the access token as `Authorization: Bearer <token>`; it lives five',
    'minutes, `POST /v1/auth/refresh` gives the next one. Every refusal is a problem (RFC 9457) with a stable `code`,',
    'explained at [/problems](/problems). A POST with an `Idempotency-Key` happens once, however often it is sent.',
    'A change needs the `ETag` that was read as `If-Match`. Lists come in pages: send `nextCursor` as `cursor`.',
    'Times are RFC 3339 in UTC; sizes and durations say their unit in their name.',
  ].join('\n'),
}

/** The one document of everything that the public reaches through the route table. */
export function composeDocument(table: readonly Route[], own: OpenApiDocument, parts: readonly Part[]) {
  const isPublic = publicPathsOf(table)
  return mergeDocuments([...parts, { service: 'gateway', document: own }], { info, isPublic })
}
