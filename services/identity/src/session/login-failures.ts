import type { CacheKey } from '@sandkeep/cache'
import { LoginFailure } from '@sandkeep/contracts'
import type { Database } from '@sandkeep/postgres'
import { type Account, loginsOf } from '../account/account.ts'
import { announceLoginFailed } from '../account/account-events.ts'
import { findCredentials } from '../account/account-store.ts'
import { cacheKeys } from '../cache-keys.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { Limiter } from './limiter.ts'
import type { Attempt, LoginThrottle } from './login-throttle.ts'

export interface LoginFailures {
  wrongPassword: (attempt: Attempt, account: Account | null) => Promise<void>
  refused: (account: Account) => Promise<void>
  backedOff: (attempt: Attempt) => Promise<void>
}

export interface LoginFailureParts {
  db: Database
  throttle: LoginThrottle
  limiter: Limiter
  mailOwed: () => void
}

const { keys } = cacheKeys

const unlockMailsPerAccount = { limit: 1, windowMs: 24 * 3_600_000 }
// Attempts during a wait cost nothing to make, so they may not cost an event each.
const backOffEventsPerAccount = { limit: 1, windowMs: 60_000 }

/** What a failed login leaves behind: its count, an event if the account exists, and one mail a day to its owner. */
export function createLoginFailures({ db, throttle, limiter, mailOwed }: LoginFailureParts): LoginFailures {
  const firstOf = async (key: CacheKey, limit: typeof unlockMailsPerAccount): Promise<boolean> =>
    (await limiter.take(key, limit)).allowed

  return {
    async wrongPassword(attempt, account) {
      const logins = account ? loginsOf(account) : [attempt.login]
      const isAttack = await throttle.failed(logins, attempt.address)
      if (!account) return
      const mail = isAttack && (await firstOf(keys.unlockMails(account.id), unlockMailsPerAccount))
      await db.transaction(async (tx) => {
        await announceLoginFailed(tx, account, LoginFailure.WRONG_PASSWORD)
        if (mail) await oweMail(tx, account.id, 'unlock')
      })
      if (mail) mailOwed()
    },
    async refused(account) {
      const reason = account.status === 'active' ? LoginFailure.NOT_VERIFIED : LoginFailure.NOT_ACTIVE
      await db.transaction((tx) => announceLoginFailed(tx, account, reason))
    },
    async backedOff(attempt) {
      const found = await findCredentials(db, attempt.login)
      if (!found || !(await firstOf(keys.backOffEvents(found.account.id), backOffEventsPerAccount))) return
      await db.transaction((tx) => announceLoginFailed(tx, found.account, LoginFailure.BACKED_OFF))
    },
  }
}
