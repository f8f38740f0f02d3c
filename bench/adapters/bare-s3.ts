import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { content, newKey, readAll } from './objects-work.ts'
import { inTurn, keys, type OpenWork } from './work.ts'

type Operation = (client: S3Client, bucket: string) => () => Promise<void>

const bareWork =
  (operation: Operation): OpenWork =>
  async ({ url }) => {
    const { hostname: bucket, searchParams, username, password } = new URL(url)
    const client = new S3Client({
      region: searchParams.get('region') ?? 'us-east-1',
      endpoint: searchParams.get('endpoint') ?? '',
      forcePathStyle: true,
      credentials: { accessKeyId: username, secretAccessKey: password },
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { httpAgent: { keepAlive: true, maxSockets: 256 } },
    })
    return { once: operation(client, bucket), [Symbol.asyncDispose]: async () => client.destroy() }
  }

export const bareS3Put = bareWork((client, bucket) => async () => {
  const put = new PutObjectCommand({
    Bucket: bucket,
    Key: newKey(),
    Body: content,
    ChecksumSHA256: createHash('sha256').update(content).digest('base64'),
    IfNoneMatch: '*',
  })
  await client.send(put)
})

export const bareS3Get = bareWork((client, bucket) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: nextKey() }))
    await readAll(Body instanceof Readable ? Body : null)
  }
})
