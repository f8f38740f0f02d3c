import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { ServiceTokens } from '../auth/service-token.ts'
import type { RequestContext } from '../context/context.ts'
import { isTraceparent, newTraceparent } from '../context/traceparent.ts'
import { callingService } from './authenticate.ts'

const requestIdPattern = /^[\w-]{8,64}$/

/** The id that a caller gave a request, if it is well-formed, else a new one. */
export function requestId(header: unknown): string {
  return typeof header === 'string' && requestIdPattern.test(header) ? header : randomUUID()
}

/** The trace of a caller is continued only when that caller is a service of the fleet. */
export function traceOf(
  request: FastifyRequest,
  tokens: ServiceTokens | undefined,
): string | Promise<string> {
  const { traceparent } = request.headers
  if (!isTraceparent(traceparent)) return newTraceparent()
  return callingService(request, tokens).then(
    (caller) => newTraceparent(caller === null ? undefined : traceparent),
    () => newTraceparent(),
  )
}

/** What is done for a request goes by this context, also in the events that it leads to. */
export function contextOf(request: FastifyRequest): RequestContext {
  const { caller } = request
  const actor =
    caller.kind === 'person'
      ? `user:${caller.actor.userId}`
      : caller.kind === 'service'
        ? `service:${caller.name}`
        : undefined
  return { traceparent: request.traceparent, correlationId: request.id, ...(actor && { actor }) }
}
