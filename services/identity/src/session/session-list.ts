import type { Prisma } from '../prisma.ts'
import type { SessionLimits } from './session.ts'

export interface ListedSession {
  id: string
  userAgent: string | null
  network: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
}

export interface SessionPage {
  limit: number
  afterId?: string | undefined
}

/** Where a person is signed in, newest sign-in first: ids are made in the order of time. */
export const listSessions = (
  prisma: Prisma,
  userId: string,
  limits: SessionLimits,
  { limit, afterId }: SessionPage,
): Promise<ListedSession[]> =>
  prisma.session.findMany({
    select: { id: true, userAgent: true, network: true, createdAt: true, lastUsedAt: true, expiresAt: true },
    where: {
      userId,
      revokedAt: null,
      expiresAt: { gt: new Date() },
      lastUsedAt: { gt: new Date(Date.now() - limits.idleMs) },
      ...(afterId === undefined ? {} : { id: { lt: afterId } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
  })
