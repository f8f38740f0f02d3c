import { hash } from 'node:crypto'
import type { CacheKey } from '@sandkeep/cache'
import { normaliseEmail } from '../account/account.ts'
import { cacheKeys } from '../cache-keys.ts'
import type { Attempt } from './login-throttle.ts'
import { limitedPart } from './network.ts'

const { keys } = cacheKeys

/** Where the failures of one account or address are counted. */
export interface FailureKeys {
  window: (windowMs: number) => CacheKey
  /** Until when one has to wait. */
  wait: CacheKey
}

export interface AccountKeys extends FailureKeys {
  /** Spares who signs in rightly the forgetting of failures that there are none of. */
  failed: CacheKey
}

const hashed = (text: string): string => hash('sha256', text, 'base64url')

export function accountKeys(login: string): AccountKeys {
  const account = hashed(normaliseEmail(login))
  return {
    window: (windowMs) => keys.accountFailures(account, windowMs),
    wait: keys.accountWait(account),
    failed: keys.accountFailed(account),
  }
}

export function addressKeys(of: string): FailureKeys {
  const address = hashed(limitedPart(of))
  return { window: (windowMs) => keys.addressFailures(address, windowMs), wait: keys.addressWait(address) }
}

export const passKey = ({ address, login }: Attempt): CacheKey =>
  keys.accountPass(hashed(address), hashed(normaliseEmail(login)))
