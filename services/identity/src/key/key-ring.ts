import { createPrivateKey, type webcrypto } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database, Tx } from '@sandkeep/postgres'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Logger } from 'pino'
import { decrypt, encrypt } from './key-encryption.ts'
import { deleteKeys, insertKey, listKeys, type StoredKey } from './key-store.ts'
import { currentKey, isRotationDue, outlivedKeys, publishedAheadMs, type SigningKey } from './signing-key.ts'

export interface KeyRing {
  /** The key that signs now. */
  signingKey: () => SigningKey
  /** Public halves of every key that a living token may be, or soon will be, signed with. */
  jwks: () => { keys: JWK[] }
  /** Reads the keys again, after making the next one if it is due and dropping those no token needs. */
  refresh: () => Promise<void>
  /** Makes the next key now; it takes over once every verifier has had time to meet it. Throws when it could not. */
  rotate: () => Promise<void>
}

export interface KeyRingParts {
  db: Database
  encryptionKey: Buffer
  rotationMs: number
  log: Logger
}

async function makeKey(encryptionKey: Buffer, activeFrom: Date): Promise<StoredKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const publicJwk = { ...jwk, kid, alg: 'EdDSA', use: 'sig' }
  const privateJwk = JSON.stringify(await exportJWK(pair.privateKey))
  return { kid, publicJwk, privateKey: encrypt(encryptionKey, kid, privateJwk), activeFrom }
}

function decryptKey(encryptionKey: Buffer, kid: string, sealed: Buffer): string {
  try {
    return decrypt(encryptionKey, kid, sealed)
  } catch (cause) {
    throw new Error(`signing key ${kid} was encrypted under another KEY_ENCRYPTION_SECRET`, { cause })
  }
}

function openKey(encryptionKey: Buffer, { kid, publicJwk, privateKey, activeFrom }: StoredKey): SigningKey {
  const key: webcrypto.JsonWebKey = JSON.parse(decryptKey(encryptionKey, kid, privateKey))
  return { kid, publicJwk, privateKey: createPrivateKey({ key, format: 'jwk' }), activeFrom }
}

/** Keys in the database, shared by all replicas. Opens with at least one that can sign. */
export async function openKeyRing({ db, encryptionKey, rotationMs, log }: KeyRingParts): Promise<KeyRing> {
  let keys: SigningKey[] = []

  async function addKey(tx: Tx, activeFrom: Date): Promise<void> {
    const key = await makeKey(encryptionKey, activeFrom)
    await insertKey(tx, key)
    log.info({ kid: key.kid, activeFrom }, 'signing key made')
  }

  /** False when another process is at it. */
  const alone = async (work: () => Promise<void>): Promise<boolean> =>
    (await db.withLock('identity signing keys', () => work().then(() => true))) ?? false

  async function maintain(): Promise<void> {
    const now = new Date()
    const stored = await listKeys(db)
    if (isRotationDue(stored, rotationMs, now))
      await addKey(db, stored.length === 0 ? now : new Date(now.getTime() + publishedAheadMs))
    const outlived = outlivedKeys(stored, now)
    if (outlived.length > 0)
      await deleteKeys(
        db,
        outlived.map((key) => key.kid),
      )
  }

  async function load(): Promise<void> {
    keys = (await listKeys(db)).map((key) => openKey(encryptionKey, key))
  }

  const ring: KeyRing = {
    signingKey() {
      const key = currentKey(keys, new Date())
      if (!key) throw new Error('there is no signing key')
      return key
    },
    jwks: () => ({ keys: keys.map((key) => key.publicJwk) }),
    async refresh() {
      await alone(maintain)
      await load()
    },
    async rotate() {
      if (!(await alone(() => addKey(db, new Date(Date.now() + publishedAheadMs)))))
        throw new Error('another process looks after the signing keys at this moment; try again')
      await load()
    },
  }
  await ring.refresh()
  // At the very first start another replica may be making the key at this moment.
  for (; !currentKey(keys, new Date()); await delay(100)) await ring.refresh()
  return ring
}
