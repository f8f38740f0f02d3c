import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createApp, listen, type Secret, type TokenVerifier } from '@sandkeep/service-kit'
import { createTestHost, testServiceTokens } from '@sandkeep/service-kit/testing'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

export interface StandIn {
  url: string
  /** How many requests reached it. */
  requests(): number
  /** Uploads under way. */
  receiving(): string[]
  /** Method and path of transfers that broke off here. */
  brokenOff(): string[]
  /** Bytes of downloads handed to the network. */
  given(): number
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
  const receiving: string[] = []
  const brokenOff: string[] = []
  let given = 0
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
        request.raw.once('aborted', () => brokenOff.push(`PUT ${request.url}`))
        receiving.push(request.url)
        if (request.url.endsWith('/slow')) await reading.promise
        reply.raw.end(JSON.stringify(await received(request.raw)))
      },
    })
    scope.route({
      method: 'GET',
      url: '/v1/files/:name',
      operation: 'download',
      handler: async (request, reply) => {
        reply.hijack()
        const bytes = Number(request.headers['x-bytes'])
        const counted = function* () {
          for (const piece of pieces(bytes)) {
            given += piece.length
            yield piece
          }
        }
        await pipeline(Readable.from(counted()), reply.raw).catch(() => brokenOff.push(`GET ${request.url}`))
      },
    })
  })
  const url = await listen(app, host, { host: '127.0.0.1', port: 0 })
  return {
    url,
    requests: () => requests,
    receiving: () => receiving,
    brokenOff: () => brokenOff,
    given: () => given,
    readOn: reading.resolve,
    stop: () => host.shutdown.run(),
  }
}

async function received(body: AsyncIterable<Buffer>) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    hash.update(chunk)
  }
  return { bytes, sha: hash.digest('hex') }
}

function* pieces(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(65_536, 'x')
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length))
}
