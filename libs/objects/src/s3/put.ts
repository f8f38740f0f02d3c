import { createHash } from 'node:crypto'
import { chunksOf } from '../body.ts'
import { createKeyQueue } from '../key-queue.ts'
import { checkKey } from '../object-key.ts'
import type { Digest, KeySource, ObjectBody, Stored } from '../objects.ts'
import { partBytes, partsOf } from './parts.ts'
import { putParts } from './put-parts.ts'
import { type PutTarget, putWhole } from './put-whole.ts'
import { storeWork } from './s3-errors.ts'
import type { S3Store } from './s3-store.ts'
import { spool } from './spool.ts'

/** Parts of so many bodies are in memory at once. */
const maxSending = 4

type Put = (source: KeySource, body: ObjectBody, ifAbsent: boolean) => Promise<Stored>

export function createPut(store: S3Store): Put {
  const inTurn = createKeyQueue()
  let spooledSoFar = 0

  /** A body that waits on disk waits for its turn, too, so that memory stays bounded. */
  async function putSpooled(source: Exclude<KeySource, string>, body: ObjectBody, ifAbsent: boolean) {
    await using spooled = await spool(body)
    const { digest, parts } = spooled
    const key = source(digest)
    checkKey(key)
    const send = () => putDigested(store, { key, ifAbsent }, parts, () => digest)
    return await (digest.sizeBytes <= partBytes ? send() : inTurn(String(spooledSoFar++ % maxSending), send))
  }

  function putStreamed(key: string, body: ObjectBody, ifAbsent: boolean) {
    const hash = createHash('sha256')
    let sizeBytes = 0
    const hashed = (async function* () {
      for await (const chunk of chunksOf(body)) {
        hash.update(chunk)
        sizeBytes += chunk.byteLength
        yield chunk
      }
    })()
    const digest = () => ({ sha256: hash.digest('hex'), sizeBytes })
    return putDigested(store, { key, ifAbsent }, partsOf(hashed), digest)
  }

  return (source, body, ifAbsent) =>
    typeof source === 'string' ? putStreamed(source, body, ifAbsent) : putSpooled(source, body, ifAbsent)
}

/** One part is a body of one request; the digest is known once the last part was read. */
function putDigested(
  store: S3Store,
  target: PutTarget,
  parts: AsyncGenerator<Uint8Array, void>,
  digestOf: () => Digest,
): Promise<Stored> {
  const { bucket } = store
  return storeWork({ bucket, key: target.key }, () => putInParts(store, target, parts, digestOf))
}

async function putInParts(
  store: S3Store,
  target: PutTarget,
  parts: AsyncGenerator<Uint8Array, void>,
  digestOf: () => Digest,
): Promise<Stored> {
  const first = await parts.next()
  const second = first.done ? first : await parts.next()
  if (!first.done && !second.done) {
    const created = await putParts(store, target, rejoin([first.value, second.value], parts))
    return { key: target.key, ...digestOf(), created }
  }
  const digest = digestOf()
  const bytes = first.done ? new Uint8Array() : first.value
  const created = await putWhole(store, target, { bytes, sha256: digest.sha256 })
  return { key: target.key, ...digest, created }
}

async function* rejoin(
  head: Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  yield* head
  yield* rest
}
