import { openToken, sealToken } from '../credential/sealed-token.ts'
import { bytesToUuid, uuidToBytes } from '../credential/uuid-bytes.ts'

export interface RefreshClaim {
  sessionId: string
  counter: number
}

export interface RefreshTokens {
  seal: (claim: RefreshClaim) => string
  /** The claim of a token that was made here, or null. Says nothing about the session being alive. */
  open: (token: string) => RefreshClaim | null
}

const claimBytes = 20

/**
 * Refresh tokens are a function of session and counter, so that the current one can be made again for a tab that
 * presents the one before it.
 */
export function createRefreshTokens(key: Buffer): RefreshTokens {
  return {
    seal({ sessionId, counter }) {
      const claim = Buffer.alloc(claimBytes)
      uuidToBytes(sessionId).copy(claim)
      claim.writeUInt32BE(counter, 16)
      return sealToken(key, claim)
    },
    open(token) {
      const claim = openToken(key, token, claimBytes)
      return claim && { sessionId: bytesToUuid(claim.subarray(0, 16)), counter: claim.readUInt32BE(16) }
    },
  }
}
