import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Collection } from '@sandkeep/documents'
import { getContent, type Objects, putContent } from '@sandkeep/objects'
import { type Encoding, type FileContent, fileLimits } from './file.ts'
import type { FileDocument } from './file-document.ts'
import { ContentLostError, FileTooLargeError } from './file-errors.ts'
import { createTextProbe, type TextProbe } from './text-probe.ts'

export const filePrefix = 'files'

/** Bytes on their way into a version: small text as it is, everything else in an object already. */
export interface StagedContent {
  sizeBytes: number
  sha256: string
  encoding: Encoding
  text?: string
  objectKey?: string
}

export interface ContentStore {
  /** Takes the bytes in with bounded memory; refused above the largest file size. */
  stage(body: Readable | Uint8Array): Promise<StagedContent>
  /** The bytes of a version. The stream fails at its end when they are not those of the hash. */
  open(content: FileContent): Promise<Readable>
  /** Reads all of them back; fails on the first that is missing or damaged. */
  verify(contents: readonly FileContent[]): Promise<void>
  /** The whole of a small text. */
  readText(content: FileContent): Promise<string>
}

export function createContentStore(files: Collection<FileDocument>, objects: Objects): ContentStore {
  const open = async (content: FileContent): Promise<Readable> => {
    if (content.objectKey === null) return Readable.from([Buffer.from(await inlineText(content))])
    const stream = await getContent(objects, filePrefix, content.sha256)
    if (stream === null) throw new ContentLostError(content.sha256)
    return stream
  }

  const inlineText = async (content: FileContent): Promise<string> =>
    checkedText(content, await files.get(content.documentId))

  const verifyInline = async (contents: readonly FileContent[]): Promise<void> => {
    const documents = await files.getMany(contents.map((content) => content.documentId))
    const byId = new Map(documents.map((document) => [document.id, document]))
    for (const content of contents) checkedText(content, byId.get(content.documentId))
  }

  return {
    open,
    async verify(contents) {
      const inline = contents.filter((content) => content.objectKey === null)
      for (const batch of batches(inline, 50)) await verifyInline(batch)
      for (const content of contents) {
        if (content.objectKey !== null) await finished((await open(content)).resume())
      }
    },
    readText: async (content) => Buffer.concat(await (await open(content)).toArray()).toString(),
    async stage(body) {
      const probe = createTextProbe()
      const chunks = bounded(body instanceof Uint8Array ? Readable.from([body]) : body, probe)
      const { head, ended } = await readHead(chunks)
      const encoding = ended ? probe.end() : 'binary'
      if (ended && encoding === 'utf-8') return inline(Buffer.concat(head))
      const source = Readable.from(rejoin(head, chunks), { objectMode: false })
      const { key, sha256, sizeBytes } = await putContent(objects, filePrefix, source)
      return { sizeBytes, sha256, objectKey: key, encoding: ended ? encoding : probe.end() }
    },
  }
}

function checkedText(content: FileContent, document: FileDocument | null | undefined): string {
  const text = document?.content
  if (text === undefined || sha256Of(text) !== content.sha256) throw new ContentLostError(content.sha256)
  return text
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function inline(bytes: Buffer): StagedContent {
  return { text: bytes.toString(), sizeBytes: bytes.length, sha256: sha256Of(bytes), encoding: 'utf-8' }
}

async function* bounded(source: Readable, probe: TextProbe): AsyncGenerator<Uint8Array, void> {
  let sizeBytes = 0
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length
    if (sizeBytes > fileLimits.maxFileBytes) throw new FileTooLargeError(fileLimits.maxFileBytes)
    probe.add(chunk)
    yield chunk
  }
}

/** As many chunks as fit into a document, or all that there are. */
async function readHead(
  chunks: AsyncGenerator<Uint8Array, void>,
): Promise<{ head: Uint8Array[]; ended: boolean }> {
  const head: Uint8Array[] = []
  let sizeBytes = 0
  while (sizeBytes <= fileLimits.maxInlineBytes) {
    const next = await chunks.next()
    if (next.done) return { head, ended: true }
    head.push(next.value)
    sizeBytes += next.value.length
  }
  return { head, ended: false }
}

async function* rejoin(
  head: Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array> {
  yield* head
  yield* rest
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
