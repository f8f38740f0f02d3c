import type { AccessClaims, IssueAccessToken } from './access-token.ts'
import type { RefreshTokens } from './refresh-token.ts'
import { endsAt, type Session, type SessionLimits } from './session.ts'

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** When the session dies if it is not used again. */
  endsAt: Date
}

export type Turn = Pick<Session, 'counter' | 'lastUsedAt' | 'expiresAt'>

export interface SessionTokens {
  issue: (claims: AccessClaims, turn: Turn) => Tokens
}

export const createSessionTokens = (
  issueAccessToken: IssueAccessToken,
  refreshTokens: RefreshTokens,
  limits: SessionLimits,
): SessionTokens => ({
  issue(claims, turn) {
    return {
      accessToken: issueAccessToken(claims),
      refreshToken: refreshTokens.seal({ sessionId: claims.sessionId, counter: turn.counter }),
      endsAt: endsAt(turn, limits),
    }
  },
})
