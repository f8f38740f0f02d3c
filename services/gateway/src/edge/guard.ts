import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasBody } from '../forward/body-relay.ts'
import { accountKey, readAuthBody } from '../limit/account-field.ts'
import type { Limiter, Verdict } from '../limit/limits.ts'
import type { LimitPolicy } from '../limit/policy.ts'
import type { Route } from '../upstreams.ts'
import type { EdgeAuth } from './edge-auth.ts'
import { AuthenticationRequiredError, BodyNotAllowedError, RateLimitedError } from './errors.ts'
import type { TokenFacts } from './revocation-list.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token the request carries, once the guard has let it pass. */
    caller: TokenFacts | null
    /** A body that the guard had to read. */
    heldBody: Buffer | undefined
  }
}

export interface GuardParts {
  auth: EdgeAuth
  limiter: Limiter
  policy: LimitPolicy
}

export type Guarded = Pick<Route, 'auth' | 'limit'>

/** Lets a request through to its route, or throws what the client is told. */
export function createGuard({ auth, limiter, policy }: GuardParts) {
  return (route: Guarded) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      refuseBodyOfRead(request)
      if (route.limit === 'auth' && hasBody(request.raw)) request.heldBody = await readAuthBody(request.raw)
      const caller = await identify(route, request)
      const verdict = await count(route, request, caller instanceof Error ? null : caller)
      announce(reply, verdict)
      if (!verdict.allowed) throw new RateLimitedError(verdict.rule, secondsUntil(verdict))
      if (caller instanceof Error) throw caller
      if (caller === null && route.auth === 'required') throw new AuthenticationRequiredError()
      if (caller !== null) auth.requireFresh(request.method)
      request.caller = caller
    }

  // A refused token is counted before it is refused, so that guessing tokens is limited too.
  async function identify(route: Guarded, request: FastifyRequest): Promise<TokenFacts | null | Error> {
    if (route.auth === 'none') return null
    return auth.authenticate(request.headers.authorization).catch((error: Error) => error)
  }

  function count(route: Guarded, request: FastifyRequest, caller: TokenFacts | null): Promise<Verdict> {
    const { method, ip: address, heldBody } = request
    const account = caller?.userId ?? (heldBody === undefined ? null : accountKey(heldBody))
    const { counted, localShare } = policy({ limit: route.limit, method, address, account })
    return limiter.take(counted, { localShare })
  }
}

// Nothing gives such a body a meaning, and two servers may disagree where it ends.
function refuseBodyOfRead({ method, raw }: FastifyRequest): void {
  if ((method === 'GET' || method === 'HEAD') && hasBody(raw)) throw new BodyNotAllowedError(method)
}

const secondsUntil = ({ retryAfterMs }: Verdict): number => Math.max(1, Math.ceil(retryAfterMs / 1_000))

// The header fields of draft-ietf-httpapi-ratelimit-headers-10.
function announce(reply: FastifyReply, verdict: Verdict): void {
  const { name, limit, windowMs } = verdict.rule
  const wait = verdict.allowed ? '' : `;t=${secondsUntil(verdict)}`
  reply.header('ratelimit-policy', `"${name}";q=${limit};w=${windowMs / 1_000}`)
  reply.header('ratelimit', `"${name}";r=${verdict.remaining}${wait}`)
}
