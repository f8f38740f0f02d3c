import { randomBytes } from 'node:crypto'
import { newId } from '@sandkeep/postgres'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import { pino } from 'pino'
import type { Role } from './auth/authorization.ts'
import { createServiceTokens } from './auth/service-token.ts'
import {
  accessTokenAudience,
  accessTokenType,
  createTokenVerifier,
  type TokenVerifier,
} from './auth/token-verifier.ts'
import { createHost, type Host } from './boot/host.ts'
import { Secret } from './config/secret.ts'

/** Stands in for identity's signing key, so that one service can be tested alone. */
export interface TestTokens {
  readonly issuer: string
  readonly jwks: JSONWebKeySet
  readonly verifier: TokenVerifier
  /** An access token; `lifetimeSeconds` below zero makes one that has expired. */
  issue(claims: {
    userId?: string
    sessionId?: string
    role?: Role
    lifetimeSeconds?: number
  }): Promise<string>
}

export async function createTestTokens(issuer = 'sandkeep'): Promise<TestTokens> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
  const jwks: JSONWebKeySet = {
    keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }],
  }
  return {
    issuer,
    jwks,
    verifier: createTokenVerifier({ issuer, keys: () => jwks }),
    issue({ userId = newId(), sessionId = newId(), role = 'student', lifetimeSeconds = 300 }) {
      const now = Math.floor(Date.now() / 1_000)
      return new SignJWT({ sid: sessionId, role })
        .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: 'test' })
        .setIssuer(issuer)
        .setAudience(accessTokenAudience)
        .setSubject(userId)
        .setIssuedAt(now - (lifetimeSeconds < 0 ? 3_600 : 0))
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey)
    },
  }
}

/** A secret for one test run. */
export const testSecret = (): Secret => new Secret(randomBytes(32).toString('base64url'))

/** The service tokens of `name` under `secret`. */
export const testServiceTokens = (name: string, secret: Secret) => createServiceTokens({ name, secret })

/** A host that logs nothing. Dispose its stack, or run its shutdown, when the test ends. */
export function createTestHost(): Host {
  return createHost({ log: pino({ level: 'silent' }), phaseMs: 5_000 })
}
