import { rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ObjectsUnavailableError } from '../errors.ts'
import { createKeyQueue } from '../key-queue.ts'
import { checkKey } from '../object-key.ts'
import type { Deletion, KeySource, ObjectBody, Stored } from '../objects.ts'
import { syncDirectory } from './directories.ts'
import { fileWork, unlessMissing } from './errors.ts'
import { createPlace } from './place.ts'
import { read, statFile } from './read.ts'
import { stage } from './staging.ts'

/** Of the keys of one batch, so many at once: each has a folder open. */
const maxDeleting = 16

/** What changes the files under a root; what is done to one key is done in turn. */
export function createWrites(root: string, staging: string) {
  const inTurn = createKeyQueue()
  const place = createPlace(root)
  const pathOf = (key: string): string => join(root, key)

  async function removeFile(path: string, ifModifiedBefore: Date | undefined): Promise<boolean> {
    const found = await statFile(path)
    if (!found || (ifModifiedBefore && found.modifiedAt >= ifModifiedBefore)) return false
    await unlessMissing(unlink(path))
    await syncDirectory(dirname(path))
    return true
  }

  const write = async (source: KeySource, body: ObjectBody, ifAbsent: boolean): Promise<Stored> => {
    const { path, ...digest } = await stage(staging, body)
    try {
      const key = typeof source === 'string' ? source : source(digest)
      checkKey(key)
      const created = await inTurn(key, () => place(path, pathOf(key), { key, ifAbsent }))
      return { key, ...digest, created }
    } finally {
      await rm(path, { force: true })
    }
  }

  const remove = (key: string, ifModifiedBefore?: Date): Promise<boolean> =>
    fileWork(() => inTurn(key, () => removeFile(pathOf(key), ifModifiedBefore)))

  return {
    write: (...asked: Parameters<typeof write>) => fileWork(() => write(...asked)),
    remove,
    async removeMany(keys: readonly string[]): Promise<Deletion[]> {
      const deletions: Deletion[] = []
      for (let at = 0; at < keys.length; at += maxDeleting) {
        const some = keys.slice(at, at + maxDeleting).map((key) => outcomeOf(key, remove(key)))
        deletions.push(...(await Promise.all(some)))
      }
      return deletions
    },
    copy: (from: string, to: string): Promise<boolean> =>
      fileWork(async () => {
        const stream = await read(pathOf(from), { offset: 0 })
        if (!stream) return false
        try {
          await write(to, stream, false)
          return true
        } finally {
          stream.destroy()
        }
      }),
  }
}

async function outcomeOf(key: string, deletion: Promise<unknown>): Promise<Deletion> {
  try {
    await deletion
    return { key }
  } catch (error) {
    if (error instanceof ObjectsUnavailableError) return { key, error }
    throw error
  }
}
