import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3'
import { answered, isAbsent } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** Gives up the uploads that were begun before then, and got no part since. */
export async function removeUnfinished(store: S3Store, untouchedSince: Date): Promise<number> {
  let removed = 0
  for await (const upload of unfinished(store)) {
    if ((upload.Initiated ?? untouchedSince) >= untouchedSince) continue
    const at = { Bucket: store.bucket, Key: upload.Key, UploadId: upload.UploadId }
    if (await gotPartSince(store, at, untouchedSince)) continue
    await unlessGone(() =>
      store.ask((client, times) => client.send(new AbortMultipartUploadCommand(at), times)),
    )
    removed += 1
  }
  return removed
}

async function* unfinished(store: S3Store): AsyncGenerator<MultipartUpload> {
  let place: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {}
  while (place) {
    const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
      Bucket: store.bucket,
      Prefix: store.nameOf(''),
      ...place,
    })
    const page = await store.ask(async (client, times) => {
      const answer = await client.send(command, times)
      answered(answer.Bucket, 'the name of the bucket')
      return answer
    })
    yield* page.Uploads ?? []
    const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
    place = IsTruncated ? { KeyMarker, UploadIdMarker } : undefined
  }
}

interface UploadPlace {
  Bucket: string
  Key: string | undefined
  UploadId: string | undefined
}

async function gotPartSince(store: S3Store, at: UploadPlace, time: Date): Promise<boolean> {
  let marker: string | undefined
  do {
    const command: ListPartsCommand = new ListPartsCommand({
      ...at,
      ...(marker && { PartNumberMarker: marker }),
    })
    const page = await unlessGone(() => store.ask((client, times) => client.send(command, times)))
    if (page?.Parts?.some(({ LastModified }) => LastModified && LastModified >= time)) return true
    marker = page?.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker !== undefined)
  return false
}

/** The result; null when the upload was completed or given up meanwhile. */
async function unlessGone<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}
