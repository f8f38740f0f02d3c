import { sql, type Tx } from '@sandkeep/postgres'
import type { JWK } from 'jose'

export interface StoredKey {
  kid: string
  publicJwk: JWK
  /** Encrypted. */
  privateKey: Buffer
  activeFrom: Date
}

export const listKeys = (tx: Tx): Promise<StoredKey[]> =>
  tx.query<StoredKey>(sql`
    select kid, public_jwk as "publicJwk", private_key as "privateKey", active_from as "activeFrom"
    from signing_keys order by active_from`)

export const insertKey = (tx: Tx, it: StoredKey): Promise<number> =>
  tx.run(sql`
    insert into signing_keys (kid, public_jwk, private_key, active_from)
    values (${it.kid}, ${JSON.stringify(it.publicJwk)}, ${it.privateKey}, ${it.activeFrom})`)

export const deleteKeys = (tx: Tx, kids: string[]): Promise<number> =>
  tx.run(sql`delete from signing_keys where kid = any(${kids})`)
