import { hash } from 'node:crypto'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type Role, roles } from './authorization.ts'
import { KeysUnavailableError, TokenExpiredError, TokenInvalidError } from './errors.ts'
import { remoteKeys } from './remote-keys.ts'

/** What an access token says. Times are epoch milliseconds. */
export interface AccessClaims {
  userId: string
  sessionId: string
  role: Role
  issuedAt: number
  expiresAt: number
}

export interface TokenVerifier {
  /** Throws `TokenInvalidError`, `TokenExpiredError`, or `KeysUnavailableError` when the keys cannot be had. */
  verify(token: string): Promise<AccessClaims>
}

export interface TokenVerifierOptions {
  issuer: string
  /** Where the public keys are: fetched when needed and again when a token names an unknown one. */
  jwksUrl?: string
  /** The public keys themselves, for whoever has them at hand. */
  keys?: () => JSONWebKeySet
  /** Says no to a token whose session or account was revoked; asked at every use. */
  isRevoked?: (claims: AccessClaims) => boolean
  /** How many verified tokens are remembered. */
  cacheSize?: number
}

export const accessTokenAudience = 'sandkeep'
export const accessTokenType = 'at+jwt'

const clockSkewMs = 30_000
const longestToken = 4_096

const claimsSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  role: z.enum(roles),
  iat: z.number(),
  exp: z.number(),
})

/** Verifies access tokens: the signature once, expiry and revocation at every use. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const keyFor = keySource(options)
  const verified = new LRUCache<string, AccessClaims>({ max: options.cacheSize ?? 10_000 })

  async function claimsOf(token: string): Promise<AccessClaims> {
    const id = hash('sha256', token, 'base64')
    const remembered = verified.get(id)
    if (remembered) return remembered
    const claims = await checkSignature(token, keyFor, options.issuer)
    verified.set(id, claims)
    return claims
  }

  return {
    async verify(token) {
      if (token.length > longestToken) throw new TokenInvalidError()
      const claims = await claimsOf(token)
      if (claims.expiresAt + clockSkewMs <= Date.now()) throw new TokenExpiredError()
      if (options.isRevoked?.(claims)) throw new TokenInvalidError()
      return claims
    },
  }
}

function keySource({ jwksUrl, keys }: TokenVerifierOptions): JWTVerifyGetKey {
  if (keys) return localKeys(keys)
  if (jwksUrl) return remoteKeys(new URL(jwksUrl))
  throw new TypeError('a token verifier needs jwksUrl or keys')
}

/** Keys are imported when they change, not for every token. */
function localKeys(keys: () => JSONWebKeySet): JWTVerifyGetKey {
  let imported = { of: '', find: createLocalJWKSet({ keys: [] }) }
  return (header, token) => {
    const current = keys()
    const of = JSON.stringify(current)
    if (of !== imported.of) imported = { of, find: createLocalJWKSet(current) }
    return imported.find(header, token)
  }
}

async function checkSignature(token: string, keyFor: JWTVerifyGetKey, issuer: string): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms: ['EdDSA'],
      typ: accessTokenType,
      audience: accessTokenAudience,
      issuer,
      clockTolerance: clockSkewMs / 1_000,
    })
    const { sub, sid, role, iat, exp } = claimsSchema.parse(payload)
    return { userId: sub, sessionId: sid, role, issuedAt: iat * 1_000, expiresAt: exp * 1_000 }
  } catch (error) {
    throw refusal(error)
  }
}

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new TokenExpiredError()
  if (areKeysMissing(error)) return new KeysUnavailableError(error)
  return new TokenInvalidError()
}

// jose reports a key server that is unreachable or answers something else by its own errors or by fetch's.
function areKeysMissing(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  if (error instanceof TypeError && error.message.includes('fetch failed')) return true
  return error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC'
}
