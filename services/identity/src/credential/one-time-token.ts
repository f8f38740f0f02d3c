import { deriveKey, openToken, sealToken } from './sealed-token.ts'
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts'

export const purposes = ['verify_email', 'reset_password', 'unlock'] as const

export type Purpose = (typeof purposes)[number]

const minute = 60_000

/** How long a mailed link can be used. */
export const lifetimeMs: Record<Purpose, number> = {
  verify_email: 48 * 60 * minute,
  reset_password: 30 * minute,
  unlock: 60 * minute,
}

/** An invitation is opened when its receiver gets round to it, not by somebody waiting for it. */
export const invitationLifetimeMs = 7 * 24 * 60 * minute

export interface OneTimeTokens {
  seal: (id: string, purpose: Purpose) => string
  /** The id of the token's row, or null when the token was not made here for this purpose. */
  open: (token: string, purpose: Purpose) => string | null
}

const idBytes = 16

export function createOneTimeTokens(secret: string): OneTimeTokens {
  const keyFor = (purpose: Purpose): Buffer => deriveKey(secret, `one-time token ${purpose}`)
  return {
    seal: (id, purpose) => sealToken(keyFor(purpose), uuidToBytes(id)),
    open(token, purpose) {
      const id = openToken(keyFor(purpose), token, idBytes)
      return id && bytesToUuid(id)
    },
  }
}
