/** A session whose tokens are refused. Times are epoch ms. */
export interface Revocation {
  sessionId: string
  revokedAt: number
  /** From here on no token of the session is valid anyway. */
  expiresAt: number
}

export interface RevocationList {
  add(revocations: readonly Revocation[]): void
  has(sessionId: string): boolean
  /** Calls back with each revocation that was not known before. */
  onAdded(listener: (revocation: Revocation) => void): void
  /** Forgets the sessions whose tokens have all expired. */
  sweep(now: number): void
  readonly size: number
}

export function createRevocationList(): RevocationList {
  const expiryOf = new Map<string, number>()
  const listeners: ((revocation: Revocation) => void)[] = []

  function add(revocations: readonly Revocation[]): void {
    for (const revocation of revocations) {
      if (expiryOf.has(revocation.sessionId)) continue
      expiryOf.set(revocation.sessionId, revocation.expiresAt)
      for (const listener of listeners) listener(revocation)
    }
  }

  return {
    add,
    has: (sessionId) => expiryOf.has(sessionId),
    onAdded: (listener) => void listeners.push(listener),
    sweep(now) {
      for (const [sessionId, expiresAt] of expiryOf) if (expiresAt <= now) expiryOf.delete(sessionId)
    },
    get size() {
      return expiryOf.size
    },
  }
}
