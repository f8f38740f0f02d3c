import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { CorruptContentError } from './errors.ts'
import type { Digest, LinkOptions, ObjectBody, Objects } from './objects.ts'
import { passThrough } from './pass-through.ts'

/** Where content with this hash lives: `<prefix>/<first two digits>/<sha256>`. */
export function contentKey(prefix: string, sha256: string): string {
  return `${prefix}/${sha256.slice(0, 2)}/${sha256}`
}

/** Where swept content waits for its burial. */
export const binKey = (key: string): string => `swept/${key}`

/**
 * Stores content under its own hash; equal content is one object.
 * Writing it again renews `modifiedAt`, so that a sweep's grace starts anew.
 */
export async function putContent(
  objects: Objects,
  prefix: string,
  body: ObjectBody,
): Promise<Digest & { key: string }> {
  const stored = await objects.put((digest) => contentKey(prefix, digest.sha256), body)
  return { key: stored.key, sha256: stored.sha256, sizeBytes: stored.sizeBytes }
}

/**
 * Content by its hash, or null when absent. The stream ends in CorruptContentError
 * when the bytes are not those of the hash, so a reader must wait for its end.
 */
export async function getContent(objects: Objects, prefix: string, sha256: string): Promise<Readable | null> {
  const key = contentKey(prefix, sha256)
  // Between the two looks it may have been put back.
  const stream = (await objects.get(key)) ?? (await objects.get(binKey(key))) ?? (await objects.get(key))
  return stream && passThrough(stream, (source) => verified(source, key, sha256))
}

/** A URL of the content as `signedUrl` gives it, or null when it is absent. */
export async function signedContentUrl(
  objects: Objects,
  { prefix, sha256 }: { prefix: string; sha256: string },
  options: LinkOptions,
): Promise<string | null> {
  const key = contentKey(prefix, sha256)
  const there = (await objects.stat(key)) !== null || (await objects.copy(binKey(key), key))
  return there ? objects.signedUrl(key, options) : null
}

async function* verified(stream: Readable, key: string, sha256: string): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256')
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    yield chunk
  }
  const found = hash.digest('hex')
  if (found !== sha256) throw new CorruptContentError(key, found)
}
