import type { Cache } from '@sandkeep/cache'
import type { Database } from '@sandkeep/postgres'
import { z } from 'zod'
import { type RevocationView, revocationChannel, toRevocationView } from './revocations.ts'
import { listRevocations } from './session-store.ts'

/** The sessions whose access tokens are refused here, from the moment any replica revoked them. */
export interface RevokedSessions {
  has: (sessionId: string) => boolean
  add: (revoked: RevocationView[]) => void
  /** Reads what is in the database, for whatever no message told of. */
  load: () => Promise<void>
}

const message = z.object({
  items: z.array(
    z.object({ sessionId: z.string(), userId: z.string(), revokedAt: z.string(), expiresAt: z.string() }),
  ),
})

// Transactions end within so many milliseconds, so that nothing older can still become visible.
const overlapMs = 15_000

export async function openRevokedSessions(
  db: Database,
  cache: Cache,
  stack: AsyncDisposableStack,
): Promise<RevokedSessions> {
  const expiryOf = new Map<string, number>()
  // By the clock of the database, which need not be that of this process.
  let newest: Date | null = null

  const sessions: RevokedSessions = {
    has: (sessionId) => expiryOf.has(sessionId),
    add(revoked) {
      for (const { sessionId, expiresAt } of revoked) expiryOf.set(sessionId, Date.parse(expiresAt))
    },
    async load() {
      const found = await listRevocations(db, newest && new Date(newest.getTime() - overlapMs))
      sessions.add(found.map(toRevocationView))
      newest = found.at(-1)?.revokedAt ?? newest
      const now = Date.now()
      for (const [sessionId, expiresAt] of expiryOf) if (expiresAt < now) expiryOf.delete(sessionId)
    },
  }
  const onMessage = (text: string) => {
    const parsed = message.safeParse(JSON.parse(text))
    if (parsed.success) sessions.add(parsed.data.items)
  }
  stack.use(await cache.subscribe(revocationChannel, onMessage))
  await sessions.load()
  return sessions
}
