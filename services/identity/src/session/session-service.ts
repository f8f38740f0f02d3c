import type { Database } from '@sandkeep/postgres'
import { findAccount } from '../account/account-store.ts'
import type { RefreshClaim, RefreshTokens } from './refresh-token.ts'
import type { AnnounceRevocations } from './revocations.ts'
import { decideRefresh, type RevocationReason, type SessionLimits } from './session.ts'
import { InvalidRefreshTokenError, RefreshTokenReusedError, SessionNotFoundError } from './session-errors.ts'
import { findSession, revokeSession, rotateSession } from './session-store.ts'
import type { SessionTokens, Tokens } from './session-tokens.ts'

export interface SessionService {
  refresh: (token: string) => Promise<Tokens>
  /** Ends the session that the token belongs to. A token that is none of ours ends nothing. */
  logout: (token: string) => Promise<void>
  revoke: (userId: string, sessionId: string) => Promise<void>
}

export interface SessionParts {
  db: Database
  tokens: SessionTokens
  refreshTokens: RefreshTokens
  announceRevocations: AnnounceRevocations
  limits: SessionLimits
}

export function createSessionService(parts: SessionParts): SessionService {
  const { db, tokens, limits } = parts

  async function end(session: { id: string; userId: string }, reason: RevocationReason): Promise<boolean> {
    const revoked = await db.transaction((tx) => revokeSession(tx, session, reason))
    await parts.announceRevocations(revoked)
    return revoked.length > 0
  }

  async function refresh(token: string): Promise<Tokens> {
    const claim = parts.refreshTokens.open(token)
    if (!claim) throw new InvalidRefreshTokenError()
    const turn = await rotateSession(db, claim, limits.idleMs)
    return turn ? tokens.issue({ sessionId: claim.sessionId, ...turn }, turn) : await repeatOrRefuse(claim)
  }

  async function repeatOrRefuse({ sessionId, counter }: RefreshClaim): Promise<Tokens> {
    const session = await findSession(db, sessionId)
    if (!session) throw new InvalidRefreshTokenError()
    const decision = decideRefresh(session, counter, limits, new Date())
    if (decision === 'reused') {
      await end(session, 'token_reused')
      throw new RefreshTokenReusedError()
    }
    const account = await findAccount(db, session.userId)
    // A session that could still take a turn but did not belongs to an account that is no longer active.
    if (decision !== 'repeat' || account?.status !== 'active') throw new InvalidRefreshTokenError()
    return tokens.issue({ sessionId, userId: account.id, role: account.role }, session)
  }

  return {
    refresh,
    async logout(token) {
      const claim = parts.refreshTokens.open(token)
      const session = claim && (await findSession(db, claim.sessionId))
      if (session) await end(session, 'logout')
    },
    async revoke(userId, sessionId) {
      if (!(await end({ id: sessionId, userId }, 'revoked'))) throw new SessionNotFoundError()
    },
  }
}
