import { createApp, listen, type Secret } from '@sandkeep/service-kit'
import { createTestHost, type TestTokens, testServiceTokens } from '@sandkeep/service-kit/testing'
import { z } from 'zod'
import { describeRequest } from './echo.ts'

export interface StandInIdentity {
  url: string
  /** Commits that a session ended, as identity does before it tells anybody. */
  revoke(sessionId: string): { sessionId: string; userId: string; revokedAt: string; expiresAt: string }
  /** How often it was asked what it revoked. */
  asked(): number
  /** Stops answering; the address stays its own. */
  stop(): Promise<void>
}

/** Identity as the gateway sees it. */
export async function startIdentity(
  stack: AsyncDisposableStack,
  secret: Secret,
  tokens: TestTokens,
): Promise<StandInIdentity> {
  const host = createTestHost()
  stack.defer(() => host.shutdown.run())
  const own = { student: 'own', instructor: 'own', admin: 'own' } as const
  const app = await createApp({
    name: 'identity',
    host,
    authorization: { getMe: own, listMySessions: own },
    serviceTokens: testServiceTokens('identity', secret),
    verifier: tokens.verifier,
  })
  const revoked: ReturnType<StandInIdentity['revoke']>[] = []
  let asked = 0
  app.route({
    method: 'GET',
    url: '/.well-known/jwks.json',
    operation: 'listKeys',
    auth: 'public',
    handler: async () => tokens.jwks,
  })
  app.route({
    method: 'GET',
    url: '/internal/v1/revocations',
    operation: 'listRevocations',
    auth: 'service',
    handler: async () => {
      asked += 1
      return { items: revoked }
    },
  })
  app.route({
    method: 'POST',
    url: '/v1/auth/login',
    operation: 'login',
    auth: 'public',
    schema: { body: z.record(z.string(), z.unknown()) },
    handler: async (request, reply) =>
      reply.header('set-cookie', ['a=1', 'b=2']).send(describeRequest(request)),
  })
  app.route({
    method: 'GET',
    url: '/v1/me',
    operation: 'getMe',
    schema: { response: { 200: z.object({ id: z.string() }).meta({ id: 'User' }) } },
    handler: async (request) => ({ id: request.actor.userId }),
  })
  app.route({
    method: 'GET',
    url: '/v1/me/sessions',
    operation: 'listMySessions',
    handler: async () => ({ items: [] }),
  })
  return {
    url: await listen(app, host, { host: '127.0.0.1', port: 0 }),
    revoke(sessionId) {
      const [revokedAt, expiresAt] = [Date.now(), Date.now() + 360_000].map((it) =>
        new Date(it).toISOString(),
      )
      const one = { sessionId, userId: 'user', revokedAt: revokedAt ?? '', expiresAt: expiresAt ?? '' }
      revoked.push(one)
      return one
    },
    asked: () => asked,
    stop: () => host.shutdown.run(),
  }
}
