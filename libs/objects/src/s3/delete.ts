import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { isAbsent, isConditionFailed } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** Times of a HEAD are whole seconds, rounded down. */
const secondMs = 1_000

export async function deleteOne(store: S3Store, key: string, ifModifiedBefore?: Date): Promise<boolean> {
  const found = await store.find(key)
  if (!found) return false
  if (ifModifiedBefore && found.modifiedAt.getTime() + secondMs > ifModifiedBefore.getTime()) return false
  const command = new DeleteObjectCommand({
    Bucket: store.bucket,
    Key: store.nameOf(key),
    ...(ifModifiedBefore && { IfMatch: found.etag }),
  })
  try {
    await store.ask((client, times) => client.send(command, times))
    return true
  } catch (error) {
    // Deleted by somebody else, or by an attempt whose answer was lost; or other bytes are there now.
    if (isAbsent(error)) return true
    if (isConditionFailed(error)) return false
    throw error
  }
}
