import type { Cache } from '@sandkeep/cache'
import type { Logger } from 'pino'
import type { RevokedSessions } from './revoked-sessions.ts'
import type { Revocation } from './session-store.ts'

export const revocationChannel = 'revocations'

/** A revocation as it is published and polled. */
export interface RevocationView {
  sessionId: string
  userId: string
  revokedAt: string
  expiresAt: string
}

export const toRevocationView = (it: Revocation): RevocationView => ({
  sessionId: it.sessionId,
  userId: it.userId,
  revokedAt: it.revokedAt.toISOString(),
  expiresAt: it.expiresAt.toISOString(),
})

export type AnnounceRevocations = (revoked: Revocation[]) => Promise<void>

const batchSize = 500

export interface AnnouncerParts {
  cache: Cache
  /** This process's own list. */
  revoked: RevokedSessions
  log: Logger
}

/**
 * Tells everybody who verifies tokens, after the commit. The committed rows are what counts: who misses the message
 * reads them within half a second, so a cache that is down delays nothing and fails nothing.
 */
export const createRevocationAnnouncer =
  ({ cache, revoked: here, log }: AnnouncerParts): AnnounceRevocations =>
  async (revoked) => {
    here.add(revoked.map(toRevocationView))
    try {
      for (let from = 0; from < revoked.length; from += batchSize) {
        const items = revoked.slice(from, from + batchSize).map(toRevocationView)
        await cache.publish(revocationChannel, JSON.stringify({ items }))
      }
    } catch (err) {
      log.warn({ err, count: revoked.length }, 'revocations not published; verifiers will poll them')
    }
  }
