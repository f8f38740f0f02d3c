import { PutObjectCommand } from '@aws-sdk/client-s3'
import { v7 } from 'uuid'
import { answered } from './s3-refusal.ts'
import { putIdName, type S3Store } from './s3-store.ts'
import { settle } from './settle.ts'

export interface PutTarget {
  key: string
  ifAbsent: boolean
}

/** Stores a body in one request. False when `ifAbsent` met an object. */
export function putWhole(
  store: S3Store,
  { key, ifAbsent }: PutTarget,
  { bytes, sha256 }: { bytes: Uint8Array; sha256: string },
): Promise<boolean> {
  const putId = v7()
  const put = new PutObjectCommand({
    Bucket: store.bucket,
    Key: store.nameOf(key),
    Body: bytes,
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    Metadata: { [putIdName]: putId },
    ...(ifAbsent && { IfNoneMatch: '*' }),
  })
  return settle(store, { key, putId }, () =>
    store.upload(async (client) => answered((await client.send(put)).ETag, 'an ETag')),
  )
}
