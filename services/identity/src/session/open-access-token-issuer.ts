import type { Database } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import { deriveKey } from '../credential/sealed-token.ts'
import { openKeyRing } from '../key/key-ring.ts'
import { createAccessTokenIssuer, type IssueAccessToken } from './access-token.ts'

export interface AccessTokenIssuerOptions {
  db: Database
  /** The KEY_ENCRYPTION_SECRET of the services on this database. */
  secret: string
  issuer: string
  log: Logger
}

const dayMs = 86_400_000

/** Signs access tokens with the current key of a running identity, and opens no session: for load tests. */
export async function openAccessTokenIssuer({
  db,
  secret,
  issuer,
  log,
}: AccessTokenIssuerOptions): Promise<IssueAccessToken> {
  const encryptionKey = deriveKey(secret, 'signing keys')
  return createAccessTokenIssuer(
    await openKeyRing({ db, encryptionKey, rotationMs: 30 * dayMs, log }),
    issuer,
  )
}
