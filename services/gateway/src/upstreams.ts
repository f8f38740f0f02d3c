/** What one row of the route table asks of the gateway before it forwards. */
export interface Route {
  /** A path and all below it; or, ending in a wildcard, one whose rest is a path of its own, such as that of a file. */
  path: `/${string}`
  service: ServiceName
  /** `none` drops the bearer, `required` refuses without a good one. */
  auth: 'required' | 'none'
  limit: LimitClass
  /** Cookies reach only the service that sets them. */
  cookies?: true
  /** Files rather than documents: larger bodies, longer deadlines, connections of their own. */
  transfer?: { maxBytes: number }
  /** Forwards `Upgrade: websocket` too. */
  websocket?: true
}

export const serviceNames = ['identity', 'sandbox'] as const
export type ServiceName = (typeof serviceNames)[number]

/** `auth` counts per address and per account named in the body; `api` counts reads and writes apart. */
export type LimitClass = 'auth' | 'api'

const mebibyte = 1_048_576
const identity = { service: 'identity', auth: 'required', limit: 'api' } as const
const sandbox = { service: 'sandbox', auth: 'required', limit: 'api' } as const

/** Everything the public can reach. The most specific row counts; what no row names is not found. */
export const routeTable: readonly Route[] = [
  { path: '/.well-known/jwks.json', service: 'identity', auth: 'none', limit: 'api' },
  { path: '/v1/auth', service: 'identity', auth: 'none', limit: 'auth', cookies: true },
  { path: '/v1/me', ...identity },
  { path: '/v1/me/avatar', ...identity, transfer: { maxBytes: mebibyte } },
  { path: '/v1/avatars', ...identity, auth: 'none', transfer: { maxBytes: mebibyte } },
  { path: '/v1/users', ...identity },
  { path: '/v1/sandboxes', ...sandbox },
  { path: '/v1/sandboxes/:sandboxId/files/*', ...sandbox, transfer: { maxBytes: 25 * mebibyte } },
  { path: '/v1/sandboxes/:sandboxId/file-versions/*', ...sandbox },
  { path: '/v1/sandboxes/:sandboxId/changes', ...sandbox, transfer: { maxBytes: 8 * mebibyte } },
  { path: '/v1/sandboxes/:sandboxId/export.zip', ...sandbox, transfer: { maxBytes: mebibyte } },
  { path: '/v1/sandboxes/:sandboxId/import', ...sandbox, transfer: { maxBytes: 110 * mebibyte } },
  { path: '/v1/downloads', ...sandbox, auth: 'none', transfer: { maxBytes: mebibyte } },
]
