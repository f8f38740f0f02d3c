import type { Database } from '@sandkeep/postgres'
import { loginsOf } from '../account/account.ts'
import type { LoginThrottle } from '../session/login-throttle.ts'
import { linkIdOf, markVerified, redeemLink } from './mailed-link.ts'
import type { OneTimeTokens } from './one-time-token.ts'
import type { RequestMail } from './request-mail.ts'

/** What the owner of an address does with the mail that comes there. */
export interface AddressService {
  verify: (token: string) => Promise<void>
  resendVerification: (email: string) => Promise<void>
  /** Lets the network address past the back-off of the account. */
  unlock: (token: string, networkAddress: string) => Promise<void>
}

export interface AddressParts {
  db: Database
  tokens: OneTimeTokens
  throttle: LoginThrottle
  requestMail: RequestMail
}

export const createAddressService = ({
  db,
  tokens,
  throttle,
  requestMail,
}: AddressParts): AddressService => ({
  async verify(token) {
    const id = linkIdOf(tokens, token, 'verify_email')
    await db.transaction(async (tx) => markVerified(tx, await redeemLink(tx, id, 'verify_email')))
  },
  resendVerification: (email) => requestMail(email, 'verify_email', (account) => !account.emailVerified),
  async unlock(token, networkAddress) {
    const id = linkIdOf(tokens, token, 'unlock')
    const account = await db.transaction((tx) => redeemLink(tx, id, 'unlock'))
    await throttle.unlock(loginsOf(account), networkAddress)
  },
})
