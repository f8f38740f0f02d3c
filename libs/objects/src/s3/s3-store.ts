import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { ObjectStat } from '../objects.ts'
import { persist } from './attempts.ts'
import { answerMs, createClients } from './s3-client.ts'
import { answered, isAbsent } from './s3-refusal.ts'
import type { S3Place } from './s3-url.ts'

interface Times {
  requestTimeout: number
  abortSignal?: AbortSignal
}

export interface FoundObject extends ObjectStat {
  etag: string
  /** Which put wrote it; undefined when it was not a put of this port. */
  putId: string | undefined
}

/** A bucket, or a folder of one, and how it is asked. Failures are S3Refusals. */
export interface S3Store extends Disposable {
  readonly bucket: string
  /** The port's key as the bucket's. */
  nameOf(key: string): string
  /** Asks for what is answered whole within the time. */
  ask<T>(work: (client: S3Client, times: Times) => Promise<T>, timeoutMs?: number): Promise<T>
  /** Asks for a stream: only its beginning must come in time. */
  askStream<T>(work: (client: S3Client, times: Times) => Promise<T>): Promise<T>
  /** Sends bytes, which may take as long as they flow. */
  upload<T>(work: (client: S3Client) => Promise<T>): Promise<T>
  find(key: string, timeoutMs?: number): Promise<FoundObject | null>
}

export const putIdName = 'put-id'

export function openStore(place: S3Place): S3Store {
  const { asking, uploading } = createClients(place)
  const { bucket, prefix } = place
  const nameOf = (key: string) => `${prefix}${key}`

  const ask: S3Store['ask'] = (work, timeoutMs = answerMs) =>
    persist(() => work(asking, { requestTimeout: timeoutMs, abortSignal: AbortSignal.timeout(timeoutMs) }))

  return {
    bucket,
    nameOf,
    ask,
    askStream: (work) => persist(() => work(asking, { requestTimeout: answerMs })),
    upload: (work) => persist(() => work(uploading)),
    async find(key, timeoutMs) {
      const head = new HeadObjectCommand({ Bucket: bucket, Key: nameOf(key) })
      try {
        return await ask(async (client, times) => {
          const { ETag, ContentLength, LastModified, Metadata } = await client.send(head, times)
          return {
            etag: answered(ETag, 'an ETag'),
            sizeBytes: answered(ContentLength, 'a length'),
            modifiedAt: answered(LastModified, 'a time'),
            putId: Metadata?.[putIdName],
          }
        }, timeoutMs)
      } catch (error) {
        if (isAbsent(error)) return null
        throw error
      }
    },
    [Symbol.dispose]() {
      asking.destroy()
      uploading.destroy()
    },
  }
}
