import type { Cache } from '@sandkeep/cache'
import type { ServiceCaller } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { FeedOptions } from './revocation-feed.ts'
import type { Revocation, RevocationList } from './revocation-list.ts'

const time = z.iso.datetime().transform((text) => Date.parse(text))
const message = z.object({
  items: z.array(z.object({ sessionId: z.string(), revokedAt: time, expiresAt: time })),
})

/** Asks identity which sessions it revoked. */
export function askRevocations(ask: ServiceCaller, identityUrl: string): FeedOptions['fetchSince'] {
  return async (since, signal): Promise<Revocation[]> => {
    const query = since === null ? '' : `?since=${new Date(since).toISOString()}`
    const path = `/internal/v1/revocations${query}`
    const answer = await ask({ name: 'identity', url: identityUrl }, { path, deadlineMs: 2_000, signal })
    return message.parse(answer).items
  }
}

/** Hears of revocations the moment they are announced. What is missed here, the feed reads from identity. */
export function hearRevocations(cache: Cache, list: RevocationList): Promise<AsyncDisposable> {
  return cache.subscribe('revocations', (text) => list.add(message.parse(JSON.parse(text)).items))
}
