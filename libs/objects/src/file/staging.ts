import { createHash } from 'node:crypto'
import { type FileHandle, open, opendir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { chunksOf } from '../body.ts'
import type { Digest, ObjectBody } from '../objects.ts'
import { unlessMissing } from './errors.ts'

/** A writer that wrote nothing for this long is dead: every byte renews the time of its file. */
export const abandonedAfterMs = 60 * 60 * 1_000

export interface Staged extends Digest {
  path: string
}

/** Writes the body to a new file of `directory`, for this account only, and flushes it; leaves no file when that fails. */
export async function stage(directory: string, body: ObjectBody): Promise<Staged> {
  const path = join(directory, v7())
  const file = await open(path, 'wx', 0o600)
  try {
    const digest = await write(file, body)
    await file.sync()
    await file.close()
    return { path, ...digest }
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
}

async function write(file: FileHandle, body: ObjectBody): Promise<Digest> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of chunksOf(body)) {
    hash.update(chunk)
    sizeBytes += chunk.byteLength
    await file.writeFile(chunk)
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** Removes what killed writers left behind and was not written to since then; living ones, in other processes too, are spared. */
export async function sweepStaging(directory: string, untouchedSince: Date): Promise<number> {
  let removed = 0
  for await (const entry of await opendir(directory)) {
    const path = join(directory, entry.name)
    const info = await unlessMissing(stat(path))
    if (!info || info.mtime >= untouchedSince) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}
