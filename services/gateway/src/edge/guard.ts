import type { AccessClaims } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasBody } from '../forward/body-relay.ts'
import { pathProblem } from '../forward/request-path.ts'
import { accountKey, readAuthBody } from '../limit/account-field.ts'
import type { Limiter, Verdict } from '../limit/limits.ts'
import type { LimitPolicy } from '../limit/policy.ts'
import { isHandshake } from '../socket/handshake.ts'
import type { Route } from '../upstreams.ts'
import type { EdgeAuth } from './edge-auth.ts'
import {
  AmbiguousPathError,
  AuthenticationRequiredError,
  BodyNotAllowedError,
  RateLimitedError,
} from './edge-errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's access token says, once the guard has let it pass; null without one. */
    claims: AccessClaims | null
    /** A body that the guard had to read. */
    heldBody: Buffer | null
  }
}

export interface GuardParts {
  auth: EdgeAuth
  limiter: Limiter
  policy: LimitPolicy
}

type Guarded = Pick<Route, 'auth' | 'limit' | 'path'>
export type Guard = (route: Guarded) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Lets a request through to its route, or throws what the client is told. */
export function createGuard({ auth, limiter, policy }: GuardParts): Guard {
  return (route) => async (request, reply) => {
    refuseAmbiguity(request, route)
    if (route.limit === 'auth' && hasBody(request.raw)) request.heldBody = await holdBody(request, reply)
    const claims = await identify(route, request)
    const verdict = await count(route, request, claims instanceof Error ? null : claims)
    announce(reply, verdict)
    if (!verdict.allowed) throw new RateLimitedError(verdict.rule, secondsUntil(verdict))
    if (claims instanceof Error) throw claims
    if (claims === null && route.auth === 'required') throw new AuthenticationRequiredError()
    if (claims !== null) auth.requireFresh({ canChange: !isRead(request) })
    request.claims = claims
  }

  // A refused token is counted before it is refused, so that guessing tokens is limited too.
  async function identify(route: Guarded, request: FastifyRequest): Promise<AccessClaims | null | Error> {
    if (route.auth === 'none') return null
    return auth.authenticate(request.headers.authorization).catch((error: Error) => error)
  }

  function count(route: Guarded, request: FastifyRequest, claims: AccessClaims | null): Promise<Verdict> {
    const { method, ip: address, heldBody } = request
    const account = claims?.userId ?? (heldBody === null ? null : accountKey(heldBody))
    const { counted, localShare } = policy({ limit: route.limit, method, address, account })
    return limiter.take(counted, { localShare })
  }
}

// When the body is refused, what is left of it is not waited for.
async function holdBody({ raw }: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
  reply.header('connection', 'close')
  const body = await readAuthBody(raw)
  reply.removeHeader('connection')
  return body
}

// What two servers may read differently: the path, and where the body of a read ends.
function refuseAmbiguity({ method, raw }: FastifyRequest, { path }: Guarded): void {
  const problem = pathProblem(raw.url ?? '', { encodedSlashes: path.endsWith('/*') })
  if (problem !== null) throw new AmbiguousPathError(problem)
  if ((method === 'GET' || method === 'HEAD') && hasBody(raw)) throw new BodyNotAllowedError(method)
}

// What comes through a socket can change anything.
const isRead = ({ method, raw }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !isHandshake(raw)

const secondsUntil = ({ retryAfterMs }: Verdict): number => Math.max(1, Math.ceil(retryAfterMs / 1_000))

// The header fields of draft-ietf-httpapi-ratelimit-headers-10.
function announce(reply: FastifyReply, verdict: Verdict): void {
  const { name, limit, windowMs } = verdict.rule
  const wait = verdict.allowed ? '' : `;t=${secondsUntil(verdict)}`
  reply.header('ratelimit-policy', `"${name}";q=${limit};w=${windowMs / 1_000}`)
  reply.header('ratelimit', `"${name}";r=${verdict.remaining}${wait}`)
}
