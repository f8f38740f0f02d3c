export const revocationReasons = [
  'logout',
  'revoked',
  'token_reused',
  'password_changed',
  'password_reset',
  'role_changed',
  'status_changed',
] as const

export type RevocationReason = (typeof revocationReasons)[number]

export interface Session {
  id: string
  userId: string
  counter: number
  userAgent: string | null
  network: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  revokedAt: Date | null
}

export interface SessionLimits {
  idleMs: number
  absoluteMs: number
}

export type RefreshDecision = 'rotate' | 'repeat' | 'reused' | 'ended'

/** When a session ends if nobody uses it again. */
export const endsAt = (session: Pick<Session, 'lastUsedAt' | 'expiresAt'>, limits: SessionLimits): Date =>
  new Date(Math.min(session.expiresAt.getTime(), session.lastUsedAt.getTime() + limits.idleMs))

export const isLive = (session: Session, limits: SessionLimits, now: Date): boolean =>
  session.revokedAt === null && now < endsAt(session, limits)

/**
 * One step of grace: a tab that lost the race, or a client that never got the answer, presents the token just before
 * the current one and is given the current one. Anything older was copied.
 */
export function decideRefresh(
  session: Session,
  presented: number,
  limits: SessionLimits,
  now: Date,
): RefreshDecision {
  if (!isLive(session, limits, now)) return 'ended'
  if (presented === session.counter) return 'rotate'
  if (presented === session.counter - 1) return 'repeat'
  return presented < session.counter ? 'reused' : 'ended'
}
