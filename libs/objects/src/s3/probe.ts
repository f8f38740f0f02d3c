import { createHash } from 'node:crypto'
import { putParts } from './put-parts.ts'
import { putWhole } from './put-whole.ts'
import type { S3Store } from './s3-store.ts'

/** No key of the port begins with a dot, so no caller ever sees it. */
const probe = { key: '.sandkeep-probe', ifAbsent: true }
const bytes = Buffer.from('Shows that the store knows If-None-Match.\n')
const sha256 = createHash('sha256').update(bytes).digest('hex')

/**
 * Makes sure that the store refuses to overwrite when told so, in one request and in parts: one that ignores
 * `If-None-Match` would let two writers win. Throws an S3Refusal when it cannot be asked.
 */
export async function probeConditions(store: S3Store): Promise<void> {
  const whole = () => putWhole(store, probe, { bytes, sha256 })
  // The first one may create the object.
  const overwrites = ((await whole()) && (await whole())) || (await putParts(store, probe, once(bytes)))
  if (!overwrites) return
  throw new Error(
    `The object store of the bucket ${store.bucket} ignores If-None-Match, so that two writers could both create ` +
      'one object. Use a store that knows it, and let no proxy before it drop the header.',
  )
}

async function* once(part: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield part
}
