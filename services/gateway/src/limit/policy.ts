import type { LimitClass } from '../upstreams.ts'
import { addressKey } from './address.ts'
import type { Counted, LimitRule, WhenDown } from './limits.ts'

export interface LimitNumbers {
  authPerAddress: number
  authPerAccount: number
  readsPerAccount: number
  writesPerAccount: number
  requestsPerAddress: number
}

/** Who asks for what, as far as it is known when the limits are looked at. */
export interface Subject {
  limit: LimitClass
  method: string
  address: string
  /** The id of the account signed in, or the key of the account that a sign-in names. */
  account: string | null
}

export type LimitPolicy = (subject: Subject) => { counted: Counted[] } & WhenDown

const minute = 60_000
// Every process counts for itself then, and sign-ins are what an attacker would use that for.
const authLocalShare = 0.25
const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * Which limits apply. With the cache down, sign-ins and writes are counted in this process alone, reads are let through.
 */
export function createLimitPolicy(numbers: LimitNumbers): LimitPolicy {
  const perMinute = (name: string, limit: number): LimitRule => ({ name, limit, windowMs: minute })
  const authAddress = perMinute('auth', numbers.authPerAddress)
  const authAccount = perMinute('auth-account', numbers.authPerAccount)
  const reads = perMinute('reads', numbers.readsPerAccount)
  const writes = perMinute('writes', numbers.writesPerAccount)
  const address = perMinute('address', numbers.requestsPerAddress)

  return (subject) => {
    const from = addressKey(subject.address)
    if (subject.limit === 'auth')
      return { counted: both(authAddress, from, authAccount, subject.account), localShare: authLocalShare }
    const isReading = isRead(subject.method)
    return {
      counted: both(address, from, isReading ? reads : writes, subject.account),
      localShare: isReading ? null : 1,
    }
  }
}

function both(
  addressRule: LimitRule,
  address: string,
  accountRule: LimitRule,
  account: string | null,
): Counted[] {
  const counted = [{ rule: addressRule, key: address }]
  return account === null ? counted : [...counted, { rule: accountRule, key: account }]
}
