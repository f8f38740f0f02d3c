import type { App } from '@sandkeep/service-kit'
import type { Guard } from './edge/guard.ts'
import { keepMetricsInside } from './edge/inside.ts'
import { forwardRoutes } from './forward/forward-routes.ts'
import type { OwnHeaders } from './forward/own-headers.ts'
import { createProxy } from './forward/proxy.ts'
import { transferLane, type Upstream } from './forward/upstream.ts'
import { overviewRoutes } from './overview/overview-routes.ts'
import { readProblems } from './problems/problem-registry.ts'
import { problemRoutes } from './problems/problem-routes.ts'
import { referencePage } from './reference/page.ts'
import type { OpenSockets } from './socket/open-sockets.ts'
import { createSocketProxy } from './socket/socket-proxy.ts'
import { acceptUpgrades } from './socket/upgrades.ts'
import type { Route, ServiceName } from './upstreams.ts'

export interface RouteParts {
  table: readonly Route[]
  guard: Guard
  upstreams: Record<ServiceName, Upstream>
  sockets: OpenSockets
  ownHeaders: OwnHeaders
  allowedOrigins: readonly string[]
}

export async function routes(app: App, parts: RouteParts): Promise<void> {
  const { table, guard, upstreams, sockets, ownHeaders, allowedOrigins } = parts
  const upgradeOf = acceptUpgrades(app)
  keepMetricsInside(app)
  // What a learner stored is what it says it is, and nothing that a browser makes of it.
  app.addHook('onRequest', async (_request, reply) => void reply.header('x-content-type-options', 'nosniff'))
  app.decorateRequest('claims', null)
  app.decorateRequest('heldBody', null)
  // An upload may take as long as its lane allows.
  app.server.requestTimeout = transferLane.deadlineMs

  await forwardRoutes(app, {
    table,
    guard,
    handlerOf(route) {
      const upstream = upstreams[route.service]
      const proxy = createProxy(upstream, route, ownHeaders)
      if (route.websocket !== true) return proxy
      return createSocketProxy(upstream, proxy, { sockets, allowedOrigins, ownHeaders, upgradeOf })
    },
  })
  overviewRoutes(app, { guard, upstreams, ownHeaders })
  referencePage(app)
  problemRoutes(app, await readProblems())
}
