import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import type { Engine } from '@sandkeep/testkit'
import { parseS3Url } from '../src/s3/s3-url.ts'

/** How many uploads in parts a store holds that were neither completed nor given up. */
export async function unfinishedUploads(engine: Engine): Promise<number> {
  const { endpoint = '', credentials, region, bucket } = parseS3Url(engine.url)
  const client = new S3Client({ endpoint, region, forcePathStyle: true, ...(credentials && { credentials }) })
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
    return Uploads.length
  } finally {
    client.destroy()
  }
}
