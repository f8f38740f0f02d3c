/** A session that ended or, without `sessionId`, every token of the account issued before `revokedAt`. Times are epoch ms. */
export interface Revocation {
  userId: string
  sessionId?: string
  revokedAt: number
  /** From here on no token that it could refuse is still valid. */
  expiresAt: number
}

export interface TokenFacts {
  userId: string
  sessionId: string
  /** Epoch ms. */
  issuedAt: number
}

export interface RevocationList {
  add(revocations: readonly Revocation[]): void
  covers(token: TokenFacts): boolean
  /** Calls back with each revocation that was not known before. */
  onAdded(listener: (revocation: Revocation) => void): void
  /** Forgets what no valid token can match any more. */
  sweep(now: number): void
  readonly size: number
}

export function createRevocationList(): RevocationList {
  const entries = new Map<string, Revocation>()
  const listeners: ((revocation: Revocation) => void)[] = []

  function add(revocations: readonly Revocation[]): void {
    for (const revocation of revocations) {
      const key = revocation.sessionId ?? revocation.userId
      const known = entries.get(key)
      if (known !== undefined && known.revokedAt >= revocation.revokedAt) continue
      entries.set(key, revocation)
      for (const listener of listeners) listener(revocation)
    }
  }

  function covers(token: TokenFacts): boolean {
    if (entries.has(token.sessionId)) return true
    const account = entries.get(token.userId)
    return account !== undefined && token.issuedAt < account.revokedAt
  }

  function sweep(now: number): void {
    for (const [key, revocation] of entries) if (revocation.expiresAt <= now) entries.delete(key)
  }

  return {
    add,
    covers,
    sweep,
    onAdded: (listener) => void listeners.push(listener),
    get size() {
      return entries.size
    },
  }
}
