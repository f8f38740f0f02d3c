import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor, Caller } from '../auth/actor.ts'
import type { Access } from '../auth/authorization.ts'

/** A Fastify instance whose schemas are zod's. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Who may use a route: everybody, services of the fleet, or (without it) whom the authorization matrix names. */
export type RouteAuth = 'public' | 'service'

declare module 'fastify' {
  interface RouteShorthandOptions {
    /** The route's name in OpenAPI, in the authorization matrix, and in the scope of its idempotency keys. */
    operation?: string
    auth?: RouteAuth
  }
  interface FastifyContextConfig {
    operation?: string
    auth?: RouteAuth
  }
  interface FastifyRequest {
    caller: Caller
    /** The person who asks. Throws on a route that is not for persons. */
    readonly actor: Actor
    /** On whose objects the person may act here. */
    readonly access: Access
    traceparent: string
  }
}
