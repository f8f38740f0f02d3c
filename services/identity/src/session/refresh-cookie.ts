import type { FastifyReply, FastifyRequest } from 'fastify'
import { OriginNotAllowedError } from './session-errors.ts'
import type { Tokens } from './session-tokens.ts'

const cookieName = 'sandkeep_refresh'
const path = '/v1/auth'

export interface RefreshCookie {
  write: (reply: FastifyReply, tokens: Tokens) => void
  clear: (reply: FastifyReply) => void
  /** The token in the cookie, if there is one. Refuses it to pages of other origins. */
  read: (request: FastifyRequest) => string | undefined
  /** Refuses to start or use a cookie session for a page of another origin. */
  requireOwnOrigin: (request: FastifyRequest) => void
}

/**
 * The refresh token as browsers hold it: out of reach of scripts, sent to this path only and by our own pages only.
 * It is sent over HTTPS only, unless people reach the platform by plain HTTP.
 */
export function createRefreshCookie(publicUrl: string, allowedOrigins: string[]): RefreshCookie {
  const own = new URL(publicUrl)
  const origins = new Set([own.origin, ...allowedOrigins])
  const attributes = { path, httpOnly: true, sameSite: 'strict', secure: own.protocol === 'https:' } as const

  const requireOwnOrigin = (request: FastifyRequest): void => {
    if (!origins.has(request.headers.origin ?? '')) throw new OriginNotAllowedError()
  }

  return {
    write: (reply, { refreshToken, endsAt }) => {
      reply.setCookie(cookieName, refreshToken, { ...attributes, expires: endsAt })
    },
    clear: (reply) => {
      reply.clearCookie(cookieName, attributes)
    },
    read(request) {
      const token = request.cookies[cookieName]
      if (token !== undefined) requireOwnOrigin(request)
      return token
    },
    requireOwnOrigin,
  }
}
