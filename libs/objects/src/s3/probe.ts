import { PutObjectCommand } from '@aws-sdk/client-s3'
import { answered, isConditionFailed } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** No key of the port begins with a dot, so no caller ever sees it. */
const probeKey = '.sandkeep-probe'

/**
 * Makes sure that the store refuses to overwrite when told so: one that ignores `If-None-Match` would let two
 * writers win. Throws an S3Refusal when it cannot be asked.
 */
export async function probeConditions(store: S3Store): Promise<void> {
  const put = new PutObjectCommand({
    Bucket: store.bucket,
    Key: store.nameOf(probeKey),
    Body: 'Shows that the store knows If-None-Match.\n',
    IfNoneMatch: '*',
  })
  const refuses = async (): Promise<boolean> => {
    try {
      await store.ask(async (client, times) => answered((await client.send(put, times)).ETag, 'an ETag'))
      return false
    } catch (error) {
      if (isConditionFailed(error)) return true
      throw error
    }
  }
  // The first one may create the object.
  if ((await refuses()) || (await refuses())) return
  throw new Error(
    `The object store of the bucket ${store.bucket} ignores If-None-Match, so that two writers could both create ` +
      'one object. Use a store that knows it, and let no proxy before it drop the header.',
  )
}
