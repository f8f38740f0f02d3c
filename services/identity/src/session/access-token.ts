import { sign } from 'node:crypto'
import type { Role } from '@sandkeep/service-kit'
import type { KeyRing } from '../key/key-ring.ts'

export const accessTokenSeconds = 300

export interface AccessClaims {
  userId: string
  sessionId: string
  role: Role
}

export type IssueAccessToken = (claims: AccessClaims) => string

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * JWTs in the compact form. They are signed on the spot: to sign takes less than to hand the signing to another thread,
 * which is what every library does.
 */
export const createAccessTokenIssuer =
  (keys: KeyRing, issuer: string): IssueAccessToken =>
  ({ userId, sessionId, role }) => {
    const { kid, privateKey } = keys.signingKey()
    const issuedAt = Math.floor(Date.now() / 1000)
    const claims = {
      sid: sessionId,
      role,
      iss: issuer,
      aud: 'sandkeep',
      sub: userId,
      iat: issuedAt,
      exp: issuedAt + accessTokenSeconds,
    }
    const signed = `${encoded({ alg: 'EdDSA', typ: 'at+jwt', kid })}.${encoded(claims)}`
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
  }
