import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createApp, listen, type Secret, type TokenVerifier } from '@sandkeep/service-kit'
import { createTestHost, testServiceTokens } from '@sandkeep/service-kit/testing'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

export interface StandIn {
  url: string
  /** How many requests reached it. */
  requests(): number
  /** The request bodies that broke off here. */
  aborted: IncomingMessage[]
  /** Lets an upload to `/v1/files/slow` be read. */
  readOn(): void
  stop(): Promise<void>
}

export const describeRequest = (request: FastifyRequest) => ({
  method: request.method,
  url: request.url,
  headers: request.headers,
  address: request.ip,
  id: request.id,
  traceparent: request.traceparent,
  ...(request.body === undefined ? {} : { body: request.body }),
})

/** What `describeRequest` says, as it arrives. */
export const echoSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  address: z.string(),
  id: z.string(),
  traceparent: z.string(),
  body: z.json().optional(),
})

const everybody = { student: 'any', instructor: 'any', admin: 'any' } as const

/** A service that says what reached it, takes and gives bodies of any size, and dies or sleeps on demand. */
export async function startEcho(
  stack: AsyncDisposableStack,
  secret: Secret,
  verifier: TokenVerifier,
): Promise<StandIn> {
  const host = createTestHost()
  stack.defer(() => host.shutdown.run())
  const app = await createApp({
    name: 'sandbox',
    host,
    authorization: { echo: everybody, upload: everybody, download: everybody, listSandboxes: everybody },
    serviceTokens: testServiceTokens('sandbox', secret),
    verifier,
  })
  const aborted: IncomingMessage[] = []
  let requests = 0
  const reading = Promise.withResolvers<void>()
  app.addHook('onRequest', async () => {
    requests += 1
  })
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/v1/echo/*',
    operation: 'echo',
    handler: async (request) => describeRequest(request),
  })
  app.route({
    method: ['GET', 'POST'],
    url: '/v1/open/*',
    operation: 'openEcho',
    auth: 'public',
    handler: async (request) => describeRequest(request),
  })
  app.route({
    method: 'GET',
    url: '/v1/open/broken',
    operation: 'breakOff',
    auth: 'public',
    handler: async (request) => void request.raw.socket.destroy(),
  })
  app.route({
    method: 'GET',
    url: '/v1/open/bare',
    operation: 'answerWithSecrets',
    auth: 'public',
    handler: async (_request, reply) =>
      reply
        .headers({ server: 'x', 'x-internal-node': 'a', 'sandkeep-cost': '1', 'x-request-id': 'theirs' })
        .send({}),
  })
  app.route({
    method: 'GET',
    url: '/v1/sandboxes',
    operation: 'listSandboxes',
    schema: {
      response: { 200: z.object({ items: z.array(z.object({ id: z.string() }).meta({ id: 'User' })) }) },
    },
    handler: async () => ({ items: [{ id: 'one' }] }),
  })
  await app.register(async (scope: typeof app) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.route({
      method: 'PUT',
      url: '/v1/files/:name',
      operation: 'upload',
      handler: async (request, reply) => {
        reply.hijack()
        request.raw.once('aborted', () => aborted.push(request.raw))
        let bytes = 0
        // "slow" reads nothing until the test lets it.
        if (request.url.endsWith('/slow')) await reading.promise
        for await (const chunk of request.raw) bytes += chunk.length
        reply.raw.end(JSON.stringify({ bytes }))
      },
    })
    scope.route({
      method: 'GET',
      url: '/v1/files/:name',
      operation: 'download',
      handler: async (request, reply) => {
        reply.hijack()
        const bytes = Number(request.headers['x-bytes'])
        await pipeline(pieces(bytes), reply.raw).catch(() => aborted.push(request.raw))
      },
    })
  })
  const url = await listen(app, host, { host: '127.0.0.1', port: 0 })
  return { url, aborted, requests: () => requests, readOn: reading.resolve, stop: () => host.shutdown.run() }
}

function* pieces(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(65_536, 'x')
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length))
}
