import type { Role } from '@sandkeep/service-kit'
import { SignJWT } from 'jose'
import type { KeyRing } from '../key/key-ring.ts'

export const accessTokenSeconds = 300

export interface AccessClaims {
  userId: string
  sessionId: string
  role: Role
}

export type IssueAccessToken = (claims: AccessClaims) => Promise<string>

export const createAccessTokenIssuer =
  (keys: KeyRing, issuer: string): IssueAccessToken =>
  async ({ userId, sessionId, role }) => {
    const { kid, privateKey } = keys.signingKey()
    return await new SignJWT({ sid: sessionId, role })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer(issuer)
      .setAudience('sandkeep')
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${accessTokenSeconds}s`)
      .sign(privateKey)
  }
