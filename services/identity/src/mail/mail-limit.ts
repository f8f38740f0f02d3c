import { createHash } from 'node:crypto'
import { cacheKeys } from '../cache-keys.ts'
import type { Limiter } from '../session/limiter.ts'

export interface MailLimit {
  /** Whether this address may be sent one more mail that anybody can cause. */
  take: (email: string) => Promise<boolean>
}

const limit = { limit: 5, windowMs: 3_600_000 }

/** Keeps strangers from filling somebody's mailbox through the public forms. */
export const createMailLimit = (limiter: Limiter): MailLimit => ({
  async take(email) {
    const key = cacheKeys.keys.mails(createHash('sha256').update(email).digest('base64url'))
    return (await limiter.take(key, limit)).allowed
  },
})
