import { Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { ObjectsUnavailableError } from '../errors.ts'
import type { ByteRange } from '../objects.ts'
import { passThrough } from '../pass-through.ts'
import { answered, isAbsent, isBeyondEnd } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

/** A store that sends nothing for this long, while somebody waits for it, broke off. */
const stallMs = 10_000

export async function get(
  store: S3Store,
  key: string,
  { offset, length }: ByteRange,
): Promise<Readable | null> {
  if (length === 0) return (await store.find(key)) && Readable.from([])
  const end = length === undefined ? '' : offset + length - 1
  const whole = offset === 0 && length === undefined
  const command = new GetObjectCommand({
    Bucket: store.bucket,
    Key: store.nameOf(key),
    ...(!whole && { Range: `bytes=${offset}-${end}` }),
  })
  try {
    return await store.askStream(async (client, times) => {
      const { Body, ETag } = await client.send(command, times)
      answered(ETag, 'an ETag')
      if (!(Body instanceof Readable)) throw new TypeError('The body of an object is no stream')
      return passThrough(Body, readWhole)
    })
  } catch (error) {
    if (isAbsent(error)) return null
    if (isBeyondEnd(error)) return Readable.from([])
    throw error
  }
}

/** A reader may take its time, the store may not. */
async function* readWhole(body: Readable): AsyncGenerator<Uint8Array, void> {
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await inTime(chunks.next(), body)
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw new ObjectsUnavailableError('it broke off in the midst of an object', error)
  } finally {
    await chunks.return?.()
  }
}

async function inTime<T>(chunk: Promise<T>, body: Readable): Promise<T> {
  const timer = setTimeout(() => body.destroy(new Error('no bytes came in time')), stallMs)
  try {
    return await chunk
  } finally {
    clearTimeout(timer)
  }
}
