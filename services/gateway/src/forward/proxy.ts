import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../upstreams.ts'
import { hasBody, relayBody } from './body-relay.ts'
import { forwardedHeaders, type ReturnedHeaders } from './headers.ts'
import type { Upstream } from './upstream.ts'

/** What the gateway says about a request in its own name, as names and values in turn. */
export type OwnHeaders = (request: FastifyRequest, service: string) => string[]

/** Hands a request to the service of its route, and the answer back, neither of them held. */
export function createProxy(upstream: Upstream, route: Route, ownHeaders: OwnHeaders) {
  const lane = route.transfer === undefined ? 'call' : 'transfer'
  const maxBodyBytes = route.transfer?.maxBytes ?? 1_048_576
  const cookies = route.cookies === true
  const bearer = route.auth !== 'none'

  return (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const headers = forwardedHeaders(request.headers, { cookies, bearer })
    headers.push(...ownHeaders(request, upstream.name))
    const onHead = (returned: ReturnedHeaders): OutgoingHttpHeaders => {
      reply.hijack()
      return { ...returned, ...reply.getHeaders(), ...variesBy(returned, reply) }
    }
    const body = request.heldBody ?? (hasBody(request.raw) ? relayBody(request.raw, maxBodyBytes) : undefined)
    const { method, url } = request
    return upstream.send(lane, {
      path: url,
      method,
      headers,
      ...(body && { body }),
      response: reply.raw,
      onHead,
    })
  }
}

function variesBy({ vary }: ReturnedHeaders, reply: FastifyReply): { vary?: string } {
  const names = [vary, reply.getHeader('vary')].flat().filter((name) => name !== undefined)
  return names.length === 0 ? {} : { vary: names.join(', ') }
}
