import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { fileLimits } from '../file/file.ts'
import { FileTooLargeError, PathRuleError, QuotaExceededError } from '../file/file-errors.ts'
import { parsePath } from '../file/file-path.ts'
import { ArchiveTooLargeError, InvalidArchiveError } from './archive-errors.ts'

// Kept in memory for every entry meanwhile.
const maxRemarkBytes = 4_096

const maxArchiveBytes = fileLimits.maxTotalBytes + 10_485_760

export interface ZipFile {
  path: string
  stream: Readable
}

/**
 * The files of an uploaded zip, one after the other; the caller reads each to its end. The archive is kept on disk
 * meanwhile, since its index is at its end. Sizes are counted as they come, whatever the index claims.
 */
export async function* readZip(upload: Readable): AsyncGenerator<ZipFile, void> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-import-'))
  try {
    const path = join(folder, 'upload.zip')
    await pipeline(upload, limited(maxArchiveBytes), createWriteStream(path))
    yield* filesOf(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* filesOf(path: string): AsyncGenerator<ZipFile, void> {
  const zip = await orInvalid(() => yauzl.openPromise(path, { autoClose: false, strictFileNames: true }))
  try {
    for (const [name, entry] of await readIndex(zip)) {
      const stream = await orInvalid(() => zip.openReadStreamPromise(entry))
      yield { path: name, stream: Readable.from(checked(stream, entry), { objectMode: false }) }
    }
  } finally {
    zip.close()
  }
}

/** The files that the index names; refused by what it claims before any of them is read. */
async function readIndex(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  if (zip.entryCount > 2 * fileLimits.maxFiles) throw new InvalidArchiveError('it has too many entries')
  const files = new Map<string, yauzl.Entry>()
  const entries = zip.eachEntry()
  for (;;) {
    const next = await orInvalid(() => entries.next())
    if (next.done) break
    const entry: yauzl.Entry = next.value
    if (entry.fileName.endsWith('/')) continue
    requireReadable(entry)
    const path = pathOf(entry)
    if (files.has(path)) throw new InvalidArchiveError(`it holds ${path} twice`)
    files.set(path, entry)
  }
  requireRoom(files)
  return files
}

function requireRoom(files: Map<string, yauzl.Entry>): void {
  const { maxFiles, maxFileBytes, maxTotalBytes } = fileLimits
  const sizes = [...files.values()].map((entry) => entry.uncompressedSize)
  if (sizes.length > maxFiles) throw new QuotaExceededError('files', maxFiles)
  if (sizes.some((size) => size > maxFileBytes)) throw new FileTooLargeError(maxFileBytes)
  if (sizes.reduce((sum, size) => sum + size, 0) > maxTotalBytes)
    throw new QuotaExceededError('bytes', maxTotalBytes)
}

function requireReadable(entry: yauzl.Entry): void {
  const fileType = (entry.externalFileAttributes >>> 16) & 0o170000
  if (entry.extraFieldLength + entry.fileCommentLength > maxRemarkBytes)
    throw new InvalidArchiveError(`${entry.fileName} has too long remarks`)
  if (entry.isEncrypted()) throw new InvalidArchiveError(`${entry.fileName} is encrypted`)
  if (!entry.canDecodeFileData())
    throw new InvalidArchiveError(`${entry.fileName} is compressed in an unknown way`)
  if (fileType !== 0 && fileType !== 0o100000)
    throw new InvalidArchiveError(`${entry.fileName} is no regular file`)
}

function pathOf({ fileName }: yauzl.Entry): string {
  try {
    return parsePath(fileName)
  } catch (error) {
    if (error instanceof PathRuleError)
      throw new InvalidArchiveError(`${JSON.stringify(fileName)}: ${error.message}`)
    throw error
  }
}

async function* checked(stream: Readable, entry: yauzl.Entry): AsyncGenerator<Uint8Array> {
  const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  let checksum = 0
  try {
    for (;;) {
      const next = await orInvalid(() => chunks.next())
      if (next.done) break
      checksum = crc32(next.value, checksum)
      yield next.value
    }
  } finally {
    stream.destroy()
  }
  if (checksum !== entry.crc32) throw new InvalidArchiveError(`${entry.fileName} is damaged`)
}

function limited(most: number) {
  return async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let sizeBytes = 0
    for await (const chunk of source) {
      sizeBytes += chunk.length
      if (sizeBytes > most) throw new ArchiveTooLargeError(most)
      yield chunk
    }
  }
}

async function orInvalid<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new InvalidArchiveError(error instanceof Error ? error.message : 'it is damaged')
  }
}
