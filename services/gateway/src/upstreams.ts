/** What one row of the route table asks of the gateway before it forwards. */
export interface Route {
  prefix: `/${string}`
  service: ServiceName
  /** `none` drops the bearer, `optional` checks it when there is one, `required` refuses without it. */
  auth: 'required' | 'optional' | 'none'
  limit: LimitClass
  /** Cookies reach only the service that sets them. */
  cookies?: true
  /** Forwards `Upgrade: websocket` under this prefix. */
  websocket?: true
}

export const serviceNames = ['identity', 'sandbox'] as const
export type ServiceName = (typeof serviceNames)[number]

/** `auth` counts per address and per account named in the body; `api` counts reads and writes apart. */
export type LimitClass = 'auth' | 'api'

/** Everything the public can reach. The longest prefix wins; what no row names is not found. */
export const routeTable: readonly Route[] = [
  { prefix: '/.well-known/jwks.json', service: 'identity', auth: 'none', limit: 'api' },
  { prefix: '/v1/auth', service: 'identity', auth: 'none', limit: 'auth', cookies: true },
  { prefix: '/v1/auth/logout', service: 'identity', auth: 'optional', limit: 'auth', cookies: true },
  { prefix: '/v1/me', service: 'identity', auth: 'required', limit: 'api' },
  { prefix: '/v1/users', service: 'identity', auth: 'required', limit: 'api' },
  { prefix: '/v1/sandboxes', service: 'sandbox', auth: 'required', limit: 'api' },
]
