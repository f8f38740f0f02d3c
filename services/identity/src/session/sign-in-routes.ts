import type { App } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { lineField, passwordField } from '../account/account-fields.ts'
import { toUserView, userView } from '../account/account-view.ts'
import { accessTokenSeconds } from './access-token.ts'
import type { Device, SignIn } from './login-service.ts'
import type { RefreshCookie } from './refresh-cookie.ts'
import { InvalidRefreshTokenError } from './session-errors.ts'
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

export interface SignInRouteParts {
  signIn: SignIn
  sessions: Pick<SessionService, 'refresh' | 'logout'>
  cookie: RefreshCookie
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

export function signInRoutes(app: App, { signIn, sessions, cookie }: SignInRouteParts): void {
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
      const { account, ...tokens } = await signIn(login, deviceOf(request))
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
      return deliver(reply, await sessions.refresh(token), refreshToken === undefined)
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/logout',
    operation: 'logout',
    auth: 'public',
    schema: logoutSchema,
    handler: async (request, reply) => {
      const refreshToken = request.body?.refreshToken
      const token = refreshToken ?? cookie.read(request)
      if (token !== undefined) await sessions.logout(token)
      // A page of somebody else, which gets no cookie sent, must not get it cleared either.
      if (token !== undefined && refreshToken === undefined) cookie.clear(reply)
      return reply.code(204).send()
    },
  })
}
