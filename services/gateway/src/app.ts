import { openCache } from '@sandkeep/cache'
import {
  createApp,
  createServiceCaller,
  createServiceTokens,
  createTokenVerifier,
  type HealthState,
  type Host,
  type Service,
} from '@sandkeep/service-kit'
import type { Config } from './config.ts'
import { describeGateway } from './describe.ts'
import { createEdgeAuth, maxSilenceMs } from './edge/edge-auth.ts'
import { createGuard } from './edge/guard.ts'
import { type RevocationFeed, startRevocationFeed } from './edge/revocation-feed.ts'
import { createRevocationList } from './edge/revocation-list.ts'
import { askRevocations, hearRevocations } from './edge/revocation-source.ts'
import { createOwnHeaders } from './forward/own-headers.ts'
import { openUpstream } from './forward/upstream.ts'
import { createLimiter } from './limit/limits.ts'
import { createLimitPolicy } from './limit/policy.ts'
import { measureGateway } from './metrics.ts'
import { createCatalogue } from './reference/catalogue.ts'
import { composeDocument } from './reference/compose.ts'
import { askDocument } from './reference/document-source.ts'
import { routes } from './routes.ts'
import { createOpenSockets } from './socket/open-sockets.ts'
import { type Route, routeTable, serviceNames } from './upstreams.ts'

const name = 'gateway'

/** Builds the gateway. The route table is given only by tests. */
export async function build(
  config: Config,
  host: Host,
  { table = routeTable }: { table?: readonly Route[] } = {},
): Promise<Service> {
  const { log, stack, health, shutdown } = host
  const urls = { identity: config.IDENTITY_URL, sandbox: config.SANDBOX_URL }
  const cache = stack.use(await openCache(config.CACHE_URL.reveal(), { owner: name, log }))
  const local = stack.use(await openCache('memory:', { owner: name }))
  const upstreams = {
    identity: stack.use(openUpstream('identity', urls.identity)),
    sandbox: stack.use(openUpstream('sandbox', urls.sandbox)),
  }
  const serviceTokens = createServiceTokens({ name, secret: config.SERVICE_SECRET })
  const ask = createServiceCaller(serviceTokens)

  const revocations = createRevocationList()
  const fetchSince = askRevocations(ask, urls.identity)
  const feed = stack.use(startRevocationFeed({ list: revocations, fetchSince, log }))
  stack.use(await hearRevocations(cache, revocations))
  const verifier = createTokenVerifier({
    issuer: config.TOKEN_ISSUER,
    jwksUrl: new URL('/.well-known/jwks.json', urls.identity).href,
  })
  const guard = createGuard({
    auth: createEdgeAuth({ verifier, revocations, feed }),
    limiter: createLimiter(cache, local),
    policy: createLimitPolicy({
      authPerAddress: config.LIMIT_AUTH_PER_ADDRESS,
      authPerAccount: config.LIMIT_AUTH_PER_ACCOUNT,
      readsPerAccount: config.LIMIT_READS_PER_ACCOUNT,
      writesPerAccount: config.LIMIT_WRITES_PER_ACCOUNT,
      requestsPerAddress: config.LIMIT_REQUESTS_PER_ADDRESS,
    }),
  })

  const own = await describeGateway()
  const catalogue = createCatalogue({
    services: serviceNames,
    fetchDocument: askDocument(ask, urls),
    compose: (parts) => composeDocument(table, own, parts),
  })
  const app = await createApp({ name, host, config, authorization: {}, openApi: catalogue.json })
  const sockets = createOpenSockets(config.MAX_OPEN_SOCKETS, revocations)
  await routes(app, {
    table,
    guard,
    upstreams,
    sockets,
    ownHeaders: createOwnHeaders(serviceTokens),
    allowedOrigins: config.CORS_ORIGINS,
  })
  measureGateway(host.metrics, { upstreams: Object.values(upstreams), feed, sockets })
  shutdown.on('stop-accepting', sockets.closeAll)
  health.add('revocations', () => stateOf(feed))
  health.add('cache', () => (cache.status() === 'up' ? 'up' : 'degraded'))
  return { app }
}

function stateOf(feed: RevocationFeed): HealthState {
  if (!feed.isLoaded()) return 'down'
  return feed.silentForMs() > maxSilenceMs ? 'degraded' : 'up'
}
