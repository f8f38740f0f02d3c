import type { Tx } from '@sandkeep/postgres'
import type { Account } from '../account/account.ts'
import { announceEmailVerified } from '../account/account-events.ts'
import { lockAccount, updateAccount } from '../account/account-store.ts'
import { LinkNotUsableError } from './credential-errors.ts'
import type { OneTimeTokens, Purpose } from './one-time-token.ts'
import { consumeToken } from './one-time-token-store.ts'

/** The id of the link that the token was mailed in. Throws `LinkNotUsableError`. */
export function linkIdOf(tokens: OneTimeTokens, token: string, purpose: Purpose): string {
  const id = tokens.open(token, purpose)
  if (!id) throw new LinkNotUsableError()
  return id
}

/** Uses the link up; of two at once, one gets the account, locked. Throws `LinkNotUsableError`. */
export async function redeemLink(tx: Tx, linkId: string, purpose: Purpose): Promise<Account> {
  const userId = await consumeToken(tx, linkId, purpose)
  const account = userId && (await lockAccount(tx, userId))
  if (!account) throw new LinkNotUsableError()
  return account
}

/** Whoever used a link that was mailed has shown that the address is theirs. */
export async function markVerified(tx: Tx, account: Account): Promise<void> {
  if (account.emailVerified) return
  const verified = await updateAccount(tx, account, { emailVerified: true })
  if (verified) await announceEmailVerified(tx, verified)
}
