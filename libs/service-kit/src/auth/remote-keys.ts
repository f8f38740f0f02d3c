import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'

const refreshMs = 600_000
const retryMs = 30_000

/**
 * The public keys behind an address: fetched with the first token, when a token names an unknown one, and every ten
 * minutes beside the tokens that come in. Keys that were fetched stay good while they cannot be fetched again.
 */
export function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: 2_000,
    cooldownDuration: 5_000,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  })
  let refreshAt = Date.now() + refreshMs

  async function refresh(): Promise<void> {
    refreshAt = Date.now() + retryMs
    await keys.reload()
    refreshAt = Date.now() + refreshMs
  }

  return (header, token) => {
    if (keys.jwks() && Date.now() >= refreshAt) void refresh().catch(() => {})
    return keys(header, token)
  }
}
