import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Secret } from '../config/secret.ts'
import { ServiceTokenInvalidError } from './errors.ts'

/** The header that carries a service's token beside the user's. */
export const serviceTokenHeader = 'sandkeep-service'

const lifetimeMs = 300_000
const renewBeforeMs = 60_000

export interface ServiceTokens {
  /** A token that shows this service to `target`; reused until a minute before it expires. */
  tokenFor(target: string): Promise<string>
  /** The name of the service that shows the token to us. Throws `ServiceTokenInvalidError`. */
  callerOf(token: string): Promise<string>
}

/** The tokens services show each other: HS256 under the fleet's secret, for one callee, five minutes. */
export function createServiceTokens({ name, secret }: { name: string; secret: Secret }): ServiceTokens {
  const key = new TextEncoder().encode(secret.reveal())
  const own = new Map<string, { token: string; expiresAt: number }>()
  const verified = new LRUCache<string, { caller: string; expiresAt: number }>({ max: 1_000 })

  return {
    async tokenFor(target) {
      const held = own.get(target)
      if (held && held.expiresAt - renewBeforeMs > Date.now()) return held.token
      const expiresAt = Date.now() + lifetimeMs
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
        .setIssuer(name)
        .setAudience(target)
        .setExpirationTime(Math.floor(expiresAt / 1_000))
        .sign(key)
      own.set(target, { token, expiresAt })
      return token
    },

    async callerOf(token) {
      const held = verified.get(token)
      if (held && held.expiresAt > Date.now()) return held.caller
      const { caller, expiresAt } = await check(token, key, name)
      verified.set(token, { caller, expiresAt })
      return caller
    },
  }
}

async function check(token: string, key: Uint8Array, audience: string) {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], typ: 'service+jwt', audience })
    if (!payload.iss || !payload.exp) throw new ServiceTokenInvalidError()
    return { caller: payload.iss, expiresAt: payload.exp * 1_000 }
  } catch {
    throw new ServiceTokenInvalidError()
  }
}
