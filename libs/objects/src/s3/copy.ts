import { CopyObjectCommand } from '@aws-sdk/client-s3'
import { answered, isAbsent } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** The store copies by itself, and answers when it has done so. */
const copyMs = 60_000

export async function copy(store: S3Store, from: string, to: string): Promise<boolean> {
  const command = new CopyObjectCommand({
    Bucket: store.bucket,
    Key: store.nameOf(to),
    CopySource: `${store.bucket}/${encodeURI(store.nameOf(from))}`,
  })
  try {
    await store.ask(
      async (client, times) =>
        answered((await client.send(command, times)).CopyObjectResult?.ETag, 'the ETag of the copy'),
      copyMs,
    )
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}
