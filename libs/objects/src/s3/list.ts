import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { isKey } from '../object-key.ts'
import type { ObjectPage } from '../objects.ts'
import { answered } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

export async function list(
  store: S3Store,
  prefix: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<ObjectPage> {
  const command = new ListObjectsV2Command({
    Bucket: store.bucket,
    Prefix: store.nameOf(prefix),
    MaxKeys: limit,
    ...(after && { StartAfter: store.nameOf(after) }),
  })
  const { Contents = [], IsTruncated } = await store.ask(async (client, times) => {
    const answer = await client.send(command, times)
    answered(answer.Name, 'the name of the bucket')
    return answer
  })
  const listed = Contents.map(({ Key, Size, LastModified }) => ({
    key: answered(Key, 'a key').slice(store.nameOf('').length),
    sizeBytes: answered(Size, 'a size'),
    modifiedAt: answered(LastModified, 'a time'),
  }))
  const last = listed.at(-1)
  // What was not put by this port has no key of its kind, such as the marks that stores make for folders.
  const items = listed.filter(({ key }) => isKey(key))
  return { items, ...(IsTruncated && last && { nextAfter: last.key }) }
}
