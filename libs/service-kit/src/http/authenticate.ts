import type { FastifyRequest } from 'fastify'
import type { Caller } from '../auth/actor.ts'
import type { Authorization } from '../auth/authorization.ts'
import { OperationForbiddenError, ServiceTokenInvalidError, TokenMissingError } from '../auth/errors.ts'
import { type ServiceTokens, serviceTokenHeader } from '../auth/service-token.ts'
import type { TokenVerifier } from '../auth/token-verifier.ts'

const nobody: Caller = { kind: 'nobody' }
const bearer = /^Bearer ([\w.-]+)$/i

export interface Authenticator {
  authorization: Authorization
  verifier?: TokenVerifier | undefined
  serviceTokens?: ServiceTokens | undefined
}

/** Finds out who asks, and refuses who may not use the route at all. Which objects they may see, the service decides. */
export function createAuthenticate({ authorization, verifier, serviceTokens }: Authenticator) {
  async function person(request: FastifyRequest, operation: string): Promise<Caller> {
    const token = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (!token || !verifier) throw new TokenMissingError()
    const { userId, sessionId, role } = await verifier.verify(token)
    const access = authorization[operation]?.[role]
    if (!access) throw new OperationForbiddenError(role)
    return { kind: 'person', actor: { userId, sessionId, role }, access }
  }

  async function service(request: FastifyRequest): Promise<Caller> {
    const name = await callingService(request, serviceTokens)
    if (name === null) throw new ServiceTokenInvalidError()
    return { kind: 'service', name }
  }

  return async (request: FastifyRequest): Promise<void> => {
    const { auth, operation = '' } = request.routeOptions.config
    if (auth === 'public' || request.is404 || request.method === 'OPTIONS') request.caller = nobody
    else request.caller = auth === 'service' ? await service(request) : await person(request, operation)
  }
}

/** The service whose token the request carries; null without one. Throws for a token that is not valid. */
export async function callingService(
  request: FastifyRequest,
  tokens: ServiceTokens | undefined,
): Promise<string | null> {
  const token = request.headers[serviceTokenHeader]
  return typeof token === 'string' && tokens ? tokens.callerOf(token) : null
}
