import { type App, type Cursors, pageOf, pageQuery } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { lineField, passwordField } from '../account/account-fields.ts'
import { toUserView, userView } from '../account/account-view.ts'
import type { Prisma } from '../prisma.ts'
import { accessTokenSeconds } from './access-token.ts'
import type { Device, SignIn } from './login-service.ts'
import type { RefreshCookie } from './refresh-cookie.ts'
import { endsAt, type SessionLimits } from './session.ts'
import { InvalidRefreshTokenError } from './session-errors.ts'
import { type ListedSession, listSessions } from './session-list.ts'
import type { SessionService } from './session-service.ts'
import type { Tokens } from './session-tokens.ts'

const refreshTokenField = lineField(200)

const tokensView = z
  .object({
    accessToken: z.string().describe('A bearer token'),
    tokenType: z.literal('Bearer'),
    expiresInSeconds: z.int(),
    refreshToken: z.string().optional().describe('Absent when it travels in the cookie'),
  })
  .meta({ id: 'Tokens' })

const sessionView = z
  .object({
    id: z.uuid(),
    userAgent: z.string().optional(),
    network: z.string().optional().describe('The /24 or /48 that the last sign-in came from'),
    current: z.boolean(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    endsAt: z.iso.datetime().describe('If it is not used again'),
  })
  .meta({ id: 'Session' })

const loginSchema = {
  body: z.strictObject({
    login: lineField(255).min(1).describe('The e-mail address or the username'),
    password: passwordField,
    refreshTokenIn: z
      .enum(['body', 'cookie'])
      .default('body')
      .describe(
        'Browsers ask for "cookie": HttpOnly, SameSite=Strict, and for pages of an allowed origin only',
      ),
  }),
  response: { 200: tokensView.extend({ user: userView }) },
}

// A browser sends no body: its token is in the cookie.
const refreshBody = z.strictObject({ refreshToken: refreshTokenField.optional() }).nullish()

const refreshSchema = {
  body: refreshBody,
  response: { 200: tokensView },
}

const logoutSchema = {
  body: refreshBody,
  response: { 204: z.undefined() },
}

const listSchema = { querystring: pageQuery, response: { 200: pageOf(sessionView) } }
const revokeSchema = { params: z.object({ id: z.uuid() }), response: { 204: z.undefined() } }

export interface SessionRouteParts {
  signIn: SignIn
  sessions: SessionService
  cookie: RefreshCookie
  prisma: Prisma
  cursors: Cursors
  limits: SessionLimits
}

const deviceOf = (request: FastifyRequest): Device => ({
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? null,
})

const tokenAnswer = ({ accessToken }: Tokens) => ({
  accessToken,
  tokenType: 'Bearer' as const,
  expiresInSeconds: accessTokenSeconds,
})

export function sessionRoutes(app: App, parts: SessionRouteParts): void {
  const { cookie, limits } = parts

  /** Hands the tokens over the way the client holds them. Neither may stay in any cache. */
  function deliver(reply: FastifyReply, tokens: Tokens, inCookie: boolean) {
    reply.header('cache-control', 'no-store')
    if (!inCookie) return { ...tokenAnswer(tokens), refreshToken: tokens.refreshToken }
    cookie.write(reply, tokens)
    return tokenAnswer(tokens)
  }

  app.route({
    method: 'POST',
    url: '/v1/auth/login',
    operation: 'login',
    auth: 'public',
    schema: loginSchema,
    handler: async (request, reply) => {
      const { refreshTokenIn, ...login } = request.body
      if (refreshTokenIn === 'cookie') cookie.requireOwnOrigin(request)
      const { account, ...tokens } = await parts.signIn(login, deviceOf(request))
      return { ...deliver(reply, tokens, refreshTokenIn === 'cookie'), user: toUserView(account) }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/refresh',
    operation: 'refresh',
    auth: 'public',
    schema: refreshSchema,
    handler: async (request, reply) => {
      const refreshToken = request.body?.refreshToken
      const token = refreshToken ?? cookie.read(request)
      if (token === undefined) throw new InvalidRefreshTokenError()
      return deliver(reply, await parts.sessions.refresh(token), refreshToken === undefined)
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/logout',
    operation: 'logout',
    auth: 'public',
    schema: logoutSchema,
    handler: async (request, reply) => {
      const token = request.body?.refreshToken ?? cookie.read(request)
      if (token !== undefined) await parts.sessions.logout(token)
      cookie.clear(reply)
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/me/sessions',
    operation: 'listMySessions',
    schema: listSchema,
    handler: async (request) => {
      const { userId, sessionId } = request.actor
      const { limit, cursor } = request.query
      const afterId = cursor === undefined ? undefined : afterOf(parts.cursors.open(cursor))
      const found = await listSessions(parts.prisma, userId, limits, { limit: limit + 1, afterId })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      return {
        items: items.map((it) => toSessionView(it, limits, sessionId)),
        ...(last ? { nextCursor: parts.cursors.seal([last.id]) } : {}),
      }
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/me/sessions/:id',
    operation: 'revokeMySession',
    schema: revokeSchema,
    handler: async (request, reply) => {
      await parts.sessions.revoke(request.actor.userId, request.params.id)
      return reply.code(204).send()
    },
  })
}

const positionShape = z.tuple([z.uuid()])

const afterOf = (position: unknown): string => positionShape.parse(position)[0]

const toSessionView = (it: ListedSession, limits: SessionLimits, currentId: string) => ({
  id: it.id,
  ...(it.userAgent === null ? {} : { userAgent: it.userAgent }),
  ...(it.network === null ? {} : { network: it.network }),
  current: it.id === currentId,
  createdAt: it.createdAt.toISOString(),
  lastUsedAt: it.lastUsedAt.toISOString(),
  endsAt: endsAt(it, limits).toISOString(),
})
