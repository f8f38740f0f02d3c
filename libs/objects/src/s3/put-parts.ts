import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { v7 } from 'uuid'
import type { PutTarget } from './put-whole.ts'
import { answerMs } from './s3-client.ts'
import { answered } from './s3-refusal.ts'
import { putIdName, type S3Store } from './s3-store.ts'
import { settle } from './settle.ts'

const maxParts = 10_000
/** A store may put the parts together before it answers: so many bytes in a millisecond. */
const joinedPerMs = 50_000

interface Upload {
  Bucket: string
  Key: string
  UploadId: string
}

/**
 * Stores a body part by part; nothing is to be seen before all of them are there. Each part is sent with its checksum,
 * and the whole is completed only with the size that was read. Whatever fails gives the parts up.
 * False when `ifAbsent` met an object.
 */
export async function putParts(
  store: S3Store,
  { key, ifAbsent }: PutTarget,
  parts: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const putId = v7()
  const at = { Bucket: store.bucket, Key: store.nameOf(key) }
  const create = new CreateMultipartUploadCommand({
    ...at,
    ChecksumAlgorithm: 'SHA256',
    Metadata: { [putIdName]: putId },
  })
  const UploadId = await store.ask(async (client, times) =>
    answered((await client.send(create, times)).UploadId, 'an upload id'),
  )
  const upload = { ...at, UploadId }
  try {
    const { sent, sizeBytes } = await sendAll(store, upload, parts)
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      MultipartUpload: { Parts: sent },
      MpuObjectSize: sizeBytes,
      ...(ifAbsent && { IfNoneMatch: '*' }),
    })
    const created = await settle(store, { key, putId }, () =>
      store.ask(
        async (client, times) => answered((await client.send(complete, times)).ETag, 'an ETag'),
        answerMs + Math.ceil(sizeBytes / joinedPerMs),
      ),
    )
    if (!created) await giveUp(store, upload)
    return created
  } catch (error) {
    await giveUp(store, upload)
    throw error
  }
}

/** Sends one part while the next is read. No request is under way when it ends, in whatever way. */
async function sendAll(store: S3Store, upload: Upload, parts: AsyncIterable<Uint8Array>) {
  const sent: CompletedPart[] = []
  let sizeBytes = 0
  let sending = Promise.resolve()
  const send = async (bytes: Uint8Array): Promise<void> => {
    sent.push(await sendPart(store, upload, { bytes, number: sent.length + 1 }))
  }
  try {
    for await (const bytes of parts) {
      await sending
      if (sent.length === maxParts) throw new RangeError(`An object has at most ${maxParts} parts of 8 MiB`)
      sizeBytes += bytes.byteLength
      sending = send(bytes)
      sending.catch(() => {})
    }
    await sending
    return { sent, sizeBytes }
  } finally {
    await sending.catch(() => {})
  }
}

async function sendPart(
  store: S3Store,
  upload: Upload,
  { bytes, number }: { bytes: Uint8Array; number: number },
): Promise<CompletedPart> {
  const checksum = createHash('sha256').update(bytes).digest('base64')
  const part = new UploadPartCommand({ ...upload, PartNumber: number, Body: bytes, ChecksumSHA256: checksum })
  const ETag = await store.upload(async (client) => answered((await client.send(part)).ETag, 'an ETag'))
  return { PartNumber: number, ETag, ChecksumSHA256: checksum }
}

/** Deletes the parts. Those of a store that is out of reach are found by `removeUnfinished`. */
async function giveUp(store: S3Store, upload: Upload): Promise<void> {
  const abort = new AbortMultipartUploadCommand(upload)
  await store.ask((client, times) => client.send(abort, times), 1_000).catch(() => {})
}
