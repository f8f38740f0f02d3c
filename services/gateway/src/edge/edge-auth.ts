import { MalformedAuthorizationError, RevocationsUnknownError, TokenRevokedError } from './errors.ts'
import type { RevocationFeed } from './revocation-feed.ts'
import type { RevocationList, TokenFacts } from './revocation-list.ts'

export interface EdgeAuthOptions {
  verify: (token: string) => Promise<TokenFacts>
  revocations: RevocationList
  feed: Pick<RevocationFeed, 'silentForMs'>
  /** How long a silent identity is trusted to have revoked nothing. */
  maxSilenceMs?: number
}

export interface EdgeAuth {
  /** Whose token this is; null without one. Throws for a token that is malformed, expired, forged or revoked. */
  authenticate(authorization: string | undefined): Promise<TokenFacts | null>
  /** Throws when a write cannot be let through, because identity may have revoked its token without us hearing. */
  requireFresh(method: string): void
}

const bearer = /^Bearer +([\w\-.~+/]+=*)$/i
const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

export function createEdgeAuth({
  verify,
  revocations,
  feed,
  maxSilenceMs = 5_000,
}: EdgeAuthOptions): EdgeAuth {
  return {
    async authenticate(authorization) {
      if (authorization === undefined) return null
      const token = bearer.exec(authorization)?.[1]
      if (token === undefined) throw new MalformedAuthorizationError()
      const facts = await verify(token)
      if (revocations.covers(facts)) throw new TokenRevokedError()
      return facts
    },
    requireFresh(method) {
      if (!isRead(method) && feed.silentForMs() > maxSilenceMs) throw new RevocationsUnknownError()
    },
  }
}
