import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failureOf, UpstreamError } from '../forward/forward-errors.ts'
import { forwardedHeaders, returnedHeaders } from '../forward/headers.ts'
import type { OwnHeaders } from '../forward/own-headers.ts'
import type { Handler } from '../forward/proxy.ts'
import type { Upstream } from '../forward/upstream.ts'
import { isOriginAllowed, writeHead } from './handshake.ts'
import type { OpenSockets } from './open-sockets.ts'
import { SocketOriginForbiddenError, TooManySocketsError } from './socket-errors.ts'
import { type Accepted, type Answered, join, knock } from './tunnel.ts'
import type { Upgrade } from './upgrades.ts'

const deadlineMs = 10_000

export interface SocketProxyParts {
  sockets: OpenSockets
  allowedOrigins: readonly string[]
  ownHeaders: OwnHeaders
  upgradeOf: (request: IncomingMessage) => Upgrade | undefined
}

/** Passes WebSockets through to a service, and leaves what is no handshake to `otherwise`. */
export function createSocketProxy(upstream: Upstream, otherwise: Handler, parts: SocketProxyParts): Handler {
  const { sockets, allowedOrigins, ownHeaders, upgradeOf } = parts

  return async (request, reply) => {
    const upgrade = upgradeOf(request.raw)
    if (upgrade === undefined) return otherwise(request, reply)
    if (!isOriginAllowed(request.headers, allowedOrigins)) throw new SocketOriginForbiddenError()
    if (sockets.isFull()) throw new TooManySocketsError()
    const answered = await knockAt(request, upgrade)
    reply.hijack()
    if (answered.accepted === undefined) return refuse(reply, answered.answer)
    upgrade.release()
    sockets.add(upgrade.client, request.claims)
    accept(upgrade, answered.answer, answered.accepted)
  }

  async function knockAt(request: FastifyRequest, { client, protocols }: Upgrade): Promise<Answered> {
    const kept = pairs(forwardedHeaders(request.headers, { cookies: false, bearer: true }))
    delete kept['sec-websocket-protocol']
    const offered = protocols === undefined ? {} : { 'sec-websocket-protocol': protocols }
    const headers = { ...kept, ...offered, ...(await ownHeaders(request, upstream.name)) }
    try {
      return await knock({ client, origin: upstream.url, path: request.url, headers, deadlineMs })
    } catch (error) {
      throw new UpstreamError(failureOf(error), upstream.name, error)
    }
  }
}

function refuse(reply: FastifyReply, answer: IncomingMessage): void {
  reply.raw.writeHead(answer.statusCode ?? 502, returnedHeaders(answer.headers))
  answer.pipe(reply.raw)
}

function accept({ client, head }: Upgrade, answer: IncomingMessage, service: Accepted) {
  const headers = { ...returnedHeaders(answer.headers), connection: 'Upgrade', upgrade: 'websocket' }
  writeHead(client, 101, headers)
  client.write(service.first)
  service.socket.write(Buffer.concat([head, service.early]))
  join(client, service.socket)
}

function pairs(flat: readonly string[]): Record<string, string> {
  const entries = flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : []))
  return Object.fromEntries(entries)
}
