import type { IncomingHttpHeaders } from 'node:http'

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

// What a client could use to pass for somebody else, for a proxy, or for another method or path.
const forgeable = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
]

const notForwarded = new Set([...hopByHop, ...forgeable, 'host', 'expect', 'cookie', 'authorization'])
const reserved = ['sandkeep-', 'x-forwarded-', 'x-user-', 'x-internal-']
const notReturned = new Set([
  ...hopByHop,
  'server',
  'x-powered-by',
  'x-request-id',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
])

/** The client's headers that a service may see, as undici's flat list of names and values. */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  allowed: { cookies: boolean; bearer: boolean },
): string[] {
  const named = namedByConnection(headers.connection)
  const flat: string[] = []
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || notForwarded.has(name) || isReserved(name) || named?.has(name)) continue
    flat.push(name, typeof value === 'string' ? value : value.join(', '))
  }
  if (allowed.cookies && headers.cookie !== undefined) flat.push('cookie', headers.cookie)
  if (allowed.bearer && headers.authorization !== undefined) flat.push('authorization', headers.authorization)
  return flat
}

export type ReturnedHeaders = Record<string, string | string[]>

/** The headers of a service's answer that the client may see. */
export function returnedHeaders(headers: IncomingHttpHeaders): ReturnedHeaders {
  const kept: ReturnedHeaders = {}
  const named = namedByConnection(headers.connection)
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || notReturned.has(name) || isReserved(name) || named?.has(name)) continue
    kept[name] = value
  }
  return kept
}

function isReserved(name: string): boolean {
  return reserved.some((prefix) => name.startsWith(prefix))
}

// `Connection: X-Name` declares X-Name hop-by-hop. The headers that carry the request's meaning cannot be named away.
function namedByConnection(connection: string | undefined): Set<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  const names = new Set(
    connection
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  )
  for (const essential of ['content-length', 'content-type', 'if-match']) names.delete(essential)
  return names
}
