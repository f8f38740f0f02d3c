import type { App } from '@sandkeep/service-kit'
import type { Guard } from '../edge/guard.ts'
import type { Route } from '../upstreams.ts'
import type { Handler } from './proxy.ts'
import { callLane, transferLane } from './upstream.ts'

export interface ForwardParts {
  table: readonly Route[]
  guard: Guard
  handlerOf: (route: Route) => Handler
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
// A lane ends what takes too long by itself, with a better word for it.
const graceMs = 30_000

/** Registers every row of the route table. Bodies pass through unread. */
export async function forwardRoutes(app: App, { table, guard, handlerOf }: ForwardParts): Promise<void> {
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const route of table)
      for (const url of addressesOf(route.path))
        scope.route({
          method: methods,
          url,
          operation: `forward ${url}`,
          // The guard decides; which objects the person may see, the service does.
          auth: 'public',
          schema: { hide: true },
          exposeHeadRoute: false,
          handlerTimeout: (route.transfer ? transferLane : callLane).deadlineMs + graceMs,
          onRequest: guard(route),
          handler: handlerOf(route),
        })
  })
}

/** A row stands for its path and all below it, unless it ends in a wildcard or names one document. */
function addressesOf(path: string): string[] {
  const isWhole = path.endsWith('*') || /\.\w+$/.test(path)
  return isWhole ? [path] : [path, `${path}/*`]
}
