import { newTraceparent, type ServiceTokens, serviceTokenHeader } from '@sandkeep/service-kit'
import type { FastifyRequest } from 'fastify'

/** What the gateway says about a request in its own name. */
export type OwnHeaders = (request: FastifyRequest, service: string) => Promise<Record<string, string>>

/** Shows a service who forwards (a token), for whom (the client's address), and under which ids. */
export function createOwnHeaders(tokens: ServiceTokens): OwnHeaders {
  return async (request, service) => ({
    [serviceTokenHeader]: await tokens.tokenFor(service),
    traceparent: newTraceparent(request.traceparent),
    'x-request-id': request.id,
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
  })
}
