import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { ObjectsUnavailableError } from '../errors.ts'
import type { Deletion } from '../objects.ts'
import { answered, isAbsent, isConditionFailed } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** Times of a HEAD are whole seconds, rounded down. */
const secondMs = 1_000
const maxBatch = 1_000

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

export async function deleteMany(store: S3Store, keys: readonly string[]): Promise<Deletion[]> {
  const deletions: Deletion[] = []
  for (let at = 0; at < keys.length; at += maxBatch) {
    deletions.push(...(await deleteBatch(store, keys.slice(at, at + maxBatch))))
  }
  return deletions
}

async function deleteBatch(store: S3Store, keys: readonly string[]): Promise<Deletion[]> {
  const command = new DeleteObjectsCommand({
    Bucket: store.bucket,
    Delete: { Objects: keys.map((key) => ({ Key: store.nameOf(key) })) },
  })
  return store.ask(async (client, times) => {
    const { Deleted = [], Errors = [] } = await client.send(command, times)
    const gone = new Set(Deleted.map(({ Key }) => Key))
    const failed = new Map(Errors.map(({ Key, Code, Message }) => [Key, `${Code}: ${Message}`]))
    return keys.map((key) => {
      const name = store.nameOf(key)
      if (gone.has(name)) return { key }
      return { key, error: new ObjectsUnavailableError(answered(failed.get(name), `a word on ${key}`)) }
    })
  })
}
