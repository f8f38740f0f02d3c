import type { FastifyRequest } from 'fastify'
import type { Actor } from '../auth/actor.ts'
import type { Access } from '../auth/authorization.ts'
import { context } from '../context/context.ts'
import type { App } from './app.ts'
import { type Authenticator, createAuthenticate } from './authenticate.ts'
import { contextOf, traceOf } from './request-context.ts'

/** Gives each request its ids, finds out who asks, and runs what follows in the request's context. */
export function identifyRequests(app: App, parts: Authenticator): void {
  const authenticate = createAuthenticate(parts)
  app.decorateRequest('caller')
  app.decorateRequest('traceparent')
  app.decorateRequest('actor', { getter: personActor })
  app.decorateRequest('access', { getter: personAccess })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    const trace = traceOf(request, parts.serviceTokens)
    request.traceparent = typeof trace === 'string' ? trace : await trace
    await authenticate(request)
  })
  app.addHook('preValidation', (request, _reply, done) => context.run(contextOf(request), done))
}

function personActor(this: FastifyRequest): Actor {
  return personOf(this).actor
}

function personAccess(this: FastifyRequest): Access {
  return personOf(this).access
}

function personOf({ caller }: FastifyRequest) {
  if (caller.kind !== 'person') throw new TypeError('this route is not for persons')
  return caller
}
