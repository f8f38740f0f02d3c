import { openCache } from '@sandkeep/cache'
import { listen, type Role, readConfig } from '@sandkeep/service-kit'
import { createTestHost, createTestTokens, testSecret } from '@sandkeep/service-kit/testing'
import { eventually } from '@sandkeep/testkit'
import { expect } from 'vitest'
import { build } from '../src/app.ts'
import { configSchema } from '../src/config.ts'
import type { Route } from '../src/upstreams.ts'
import { type StandIn, startEcho } from './echo.ts'
import { type StandInIdentity, startIdentity } from './identity.ts'

const megabyte = 1_048_576

/** One row for each class of route that a table can have. */
const table: readonly Route[] = [
  { path: '/.well-known/jwks.json', service: 'identity', auth: 'none', limit: 'api' },
  { path: '/v1/auth', service: 'identity', auth: 'none', limit: 'auth', cookies: true },
  { path: '/v1/me', service: 'identity', auth: 'required', limit: 'api' },
  { path: '/v1/open', service: 'sandbox', auth: 'none', limit: 'api' },
  { path: '/v1/echo', service: 'sandbox', auth: 'required', limit: 'api' },
  { path: '/v1/sandboxes', service: 'sandbox', auth: 'required', limit: 'api' },
  {
    path: '/v1/files/*',
    service: 'sandbox',
    auth: 'required',
    limit: 'api',
    transfer: { maxBytes: 512 * megabyte },
  },
  { path: '/v1/socket', service: 'sandbox', auth: 'required', limit: 'api', websocket: true },
]

export interface RunningGateway {
  url: string
  stop(): Promise<void>
}

export interface Fleet {
  url: string
  identity: StandInIdentity
  echo: StandIn
  /** What `Authorization` says for somebody. */
  bearer(claims?: { userId?: string; sessionId?: string; role?: Role }): Promise<{ authorization: string }>
  /** Starts another gateway before the same services, and waits until it is ready. */
  startGateway(env?: Record<string, string>): Promise<RunningGateway>
  /** The same without waiting. */
  openGateway(env?: Record<string, string>): Promise<RunningGateway>
}

/** A gateway before two services that are made as all services are. */
export async function startFleet(
  stack: AsyncDisposableStack,
  env: Record<string, string> = {},
): Promise<Fleet> {
  const secret = testSecret()
  const tokens = await createTestTokens()
  const identity = await startIdentity(stack, secret, tokens)
  const echo = await startEcho(stack, secret, tokens.verifier)

  async function openGateway(more: Record<string, string> = {}) {
    const host = createTestHost()
    stack.defer(() => host.shutdown.run())
    const urls = { IDENTITY_URL: identity.url, SANDBOX_URL: echo.url }
    const settings = { CACHE_URL: 'memory:', SERVICE_SECRET: secret.reveal(), ...urls, ...env, ...more }
    const { app } = await build(readConfig(configSchema, settings), host, { table })
    const url = await listen(app, host, { host: '127.0.0.1', port: 0 })
    return { url, stop: () => host.shutdown.run() }
  }

  async function startGateway(more: Record<string, string> = {}) {
    const gateway = await openGateway(more)
    await eventually(async () => expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200))
    return gateway
  }

  const { url } = await startGateway()
  return {
    url,
    identity,
    echo,
    startGateway,
    openGateway,
    bearer: async (claims = {}) => ({ authorization: `Bearer ${await tokens.issue(claims)}` }),
  }
}

/** A cache that the gateway of a fleet shares, when it is given the name as `CACHE_URL`. */
export async function sharedCache(stack: AsyncDisposableStack, url: string) {
  return stack.use(await openCache(url, { owner: 'identity' }))
}
