import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../upstreams.ts'
import { hasBody, refuseLargeBody, relayBody } from './body-relay.ts'
import { UpstreamError } from './forward-errors.ts'
import { forwardedHeaders, type ReturnedHeaders } from './headers.ts'
import type { OwnHeaders } from './own-headers.ts'
import type { Upstream } from './upstream.ts'

export type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Hands a request to the service of its route, and the answer back, neither of them held. */
export function createProxy(upstream: Upstream, route: Route, ownHeaders: OwnHeaders): Handler {
  const lane = route.transfer === undefined ? 'call' : 'transfer'
  const maxBodyBytes = route.transfer?.maxBytes ?? 1_048_576
  const allowed = { cookies: route.cookies === true, bearer: route.auth !== 'none' }

  return async (request, reply) => {
    refuseLargeBody(request.raw, maxBodyBytes)
    const headers = forwardedHeaders(request.headers, allowed)
    headers.push(...Object.entries(await ownHeaders(request, upstream.name)).flat())
    const onHead = (returned: ReturnedHeaders): ReturnedHeaders => {
      reply.hijack()
      return { ...returned, ...ownAnswerHeaders(reply), ...variesBy(returned, reply) }
    }
    const body = request.heldBody ?? (hasBody(request.raw) ? relayBody(request.raw, maxBodyBytes) : undefined)
    const { method, url: path } = request
    const sent = { path, method, headers, ...(body && { body }) }
    const exchanged = upstream.send(lane, { ...sent, response: reply.raw, onHead })
    return exchanged.catch((error: unknown) => noteFailure(error, request, reply))
  }
}

function noteFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): never {
  const isFailure = error instanceof UpstreamError && !reply.raw.destroyed
  if (isFailure) request.log.warn({ err: error.cause, code: error.code }, 'a service gave no answer')
  throw error
}

function ownAnswerHeaders(reply: FastifyReply): ReturnedHeaders {
  const own: ReturnedHeaders = {}
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) own[name] = typeof value === 'number' ? String(value) : value
  return own
}

function variesBy({ vary }: ReturnedHeaders, reply: FastifyReply): { vary?: string } {
  const names = [vary, reply.getHeader('vary')].flat().filter((name) => name !== undefined)
  return names.length === 0 ? {} : { vary: names.join(', ') }
}
