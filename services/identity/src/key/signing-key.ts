import type { KeyObject } from 'node:crypto'
import type { JWK } from 'jose'

/** Ed25519, named by the thumbprint of its public half. Signs from `activeFrom` until a later key becomes active. */
export interface SigningKey {
  kid: string
  publicJwk: JWK
  privateKey: KeyObject
  activeFrom: Date
}

type Dated = Pick<SigningKey, 'activeFrom'>

const minute = 60_000

/** A new key is published this long before it signs, so that every verifier has met it. */
export const publishedAheadMs = 10 * minute

/** A key stays published this long after it signed last: longer than any access token lives. */
export const overlapMs = 15 * minute

const newestFirst = <K extends Dated>(keys: K[]): K[] =>
  keys.toSorted((left, right) => right.activeFrom.getTime() - left.activeFrom.getTime())

export const currentKey = <K extends Dated>(keys: K[], now: Date): K | undefined =>
  newestFirst(keys).find((key) => key.activeFrom <= now)

/** Whether the next key has to be made now, so that it can take over on time. */
export function isRotationDue(keys: Dated[], periodMs: number, now: Date): boolean {
  const [newest] = newestFirst(keys)
  return newest === undefined || newest.activeFrom.getTime() + periodMs - publishedAheadMs <= now.getTime()
}

/** Keys that no living token is signed with. */
export function outlivedKeys<K extends Dated>(keys: K[], now: Date): K[] {
  const replacedLongAgo = newestFirst(keys).filter(
    (key) => key.activeFrom.getTime() + overlapMs <= now.getTime(),
  )
  return replacedLongAgo.slice(1)
}
