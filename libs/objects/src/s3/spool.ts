import { createHash } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { chunksOf } from '../body.ts'
import { ObjectsUnavailableError } from '../errors.ts'
import { fileWork } from '../file/errors.ts'
import type { Digest, ObjectBody } from '../objects.ts'
import { partBytes } from './parts.ts'

const maxMemoryBytes = 512 * 1024

/** A body that was read to its end, to be sent as parts. */
export interface Spooled extends AsyncDisposable {
  readonly digest: Digest
  /** All of it, to be read once. */
  readonly parts: AsyncGenerator<Uint8Array, void>
}

/**
 * Reads a body whose key depends on its content. A small one stays in memory; a larger one waits in a file of the
 * system's temporary folder that has no name, so that nothing of it outlives the process.
 */
export async function spool(body: ObjectBody): Promise<Spooled> {
  await using stack = new AsyncDisposableStack()
  const hash = createHash('sha256')
  let held: Uint8Array[] = []
  let sizeBytes = 0
  let file: FileHandle | undefined
  for await (const chunk of chunksOf(body)) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
    held.push(chunk)
    if (file === undefined && sizeBytes > maxMemoryBytes) file = stack.use(await namelessFile())
    if (file === undefined) continue
    await write(file, held)
    held = []
  }
  const digest = { sha256: hash.digest('hex'), sizeBytes }
  const parts = file === undefined ? partInMemory(held) : partsIn(file, sizeBytes)
  const kept = stack.move()
  return { digest, parts, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `sandkeep-${v7()}`)
  return inTemporaryFolder(async () => {
    const file = await open(path, 'wx+', 0o600)
    await unlink(path)
    return file
  })
}

async function write(file: FileHandle, chunks: Uint8Array[]): Promise<void> {
  for (const chunk of chunks) await inTemporaryFolder(() => file.writeFile(chunk))
}

async function* partInMemory(chunks: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  if (chunks.length > 0) yield Buffer.concat(chunks)
}

async function* partsIn(file: FileHandle, sizeBytes: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < sizeBytes; at += partBytes) {
    yield await readFully(file, at, Math.min(partBytes, sizeBytes - at))
  }
}

async function readFully(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await inTemporaryFolder(() =>
      file.read(bytes, filled, length - filled, position + filled),
    )
    if (bytesRead === 0) throw new Error('The temporary file of an upload was cut short')
    filled += bytesRead
  }
  return bytes
}

async function inTemporaryFolder<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await fileWork(work)
  } catch (error) {
    if (!(error instanceof ObjectsUnavailableError)) throw error
    const advice = 'set TMPDIR to a folder on a disk that has room for the uploads under way'
    throw new ObjectsUnavailableError(
      `an upload cannot wait in ${tmpdir()} before it is sent; ${advice}`,
      error,
    )
  }
}
