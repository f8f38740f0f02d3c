import type { AccessClaims, TokenVerifier } from '@sandkeep/service-kit'
import { MalformedAuthorizationError, RevocationsUnknownError, TokenRevokedError } from './edge-errors.ts'
import type { RevocationFeed } from './revocation-feed.ts'
import type { RevocationList } from './revocation-list.ts'

export interface EdgeAuthOptions {
  verifier: TokenVerifier
  revocations: Pick<RevocationList, 'has'>
  feed: Pick<RevocationFeed, 'isLoaded' | 'silentForMs'>
}

export interface EdgeAuth {
  /** Whose token this is; null without one. Throws for a token that is malformed, expired, forged or revoked. */
  authenticate(authorization: string | undefined): Promise<AccessClaims | null>
  /**
   * Throws when identity may have revoked the token without us hearing: always before the first list was read,
   * and for what can change something after a silence.
   */
  requireFresh(request: { canChange: boolean }): void
}

/** How long a silent identity is trusted to have revoked nothing. */
export const maxSilenceMs = 5_000

const bearer = /^Bearer ([\w.-]+)$/i

export function createEdgeAuth(options: EdgeAuthOptions): EdgeAuth {
  const { verifier, revocations, feed } = options
  return {
    async authenticate(authorization) {
      if (authorization === undefined) return null
      const token = bearer.exec(authorization)?.[1]
      if (token === undefined) throw new MalformedAuthorizationError()
      const claims = await verifier.verify(token)
      if (revocations.has(claims.sessionId)) throw new TokenRevokedError()
      return claims
    },
    requireFresh({ canChange }) {
      const isUnsure = canChange ? feed.silentForMs() > maxSilenceMs : !feed.isLoaded()
      if (isUnsure) throw new RevocationsUnknownError()
    },
  }
}
