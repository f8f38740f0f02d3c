import type { Cache } from '@sandkeep/cache'
import { cacheKeys } from '../cache-keys.ts'

/** At most `limit` requests in any period of `windowMs`; the name is what the client reads in the headers. */
export interface LimitRule {
  name: string
  limit: number
  windowMs: number
}

/** One thing that is counted: a rule and whose requests it counts. */
export interface Counted {
  rule: LimitRule
  key: string
}

export interface Verdict {
  allowed: boolean
  rule: LimitRule
  remaining: number
  retryAfterMs: number
}

export interface Limiter {
  /** Takes one place under every rule; the verdict is that of the tightest. */
  take(counted: readonly Counted[], options: WhenDown): Promise<Verdict>
}

export interface WhenDown {
  /** The part of each limit that this process grants by itself while the cache is out of reach; null lets all through. */
  localShare: number | null
}

/** Counts in the shared cache, and in this process while that is down. */
export function createLimiter(shared: Cache, local: Cache): Limiter {
  return {
    async take(counted, { localShare }) {
      const verdicts = await Promise.all(counted.map((one) => takeOne(one, localShare)))
      return verdicts.reduce(tighter)
    },
  }

  async function takeOne({ rule, key }: Counted, localShare: number | null): Promise<Verdict> {
    const counted = cacheKeys.keys.limit(rule.name, key)
    try {
      return { rule, ...(await shared.take(counted, rule)) }
    } catch {
      if (localShare === null) return { rule, allowed: true, remaining: rule.limit, retryAfterMs: 0 }
      const limit = Math.max(1, Math.floor(rule.limit * localShare))
      return { rule, ...(await local.take(counted, { ...rule, limit })) }
    }
  }
}

function tighter(one: Verdict, other: Verdict): Verdict {
  if (one.allowed !== other.allowed) return one.allowed ? other : one
  if (!one.allowed) return one.retryAfterMs >= other.retryAfterMs ? one : other
  return one.remaining / one.rule.limit <= other.remaining / other.rule.limit ? one : other
}
