import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { attachment } from '../link/content-disposition.ts'
import type { LinkOptions } from '../objects.ts'
import { persist } from './attempts.ts'
import { createPublicClient } from './s3-client.ts'
import type { S3Place } from './s3-url.ts'

/** Signs URLs of the store itself; nothing is asked of it. */
export function createPresign(place: S3Place): (key: string, options: LinkOptions) => Promise<string> {
  const client = createPublicClient(place)
  return (key, { expiresInSeconds, contentType, fileName }) =>
    persist(() =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket: place.bucket,
          Key: `${place.prefix}${key}`,
          ...(contentType !== undefined && { ResponseContentType: contentType }),
          ...(fileName !== undefined && { ResponseContentDisposition: attachment(fileName) }),
        }),
        { expiresIn: expiresInSeconds },
      ),
    )
}
