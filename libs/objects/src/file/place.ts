import { link, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ObjectKeyError } from '../errors.ts'
import { createDirectories, syncDirectory } from './directories.ts'
import { errorCode, unlessMissing } from './errors.ts'

/** Gives a flushed file its name under the root. False when `ifAbsent` met a file and left it as it was. */
export type Place = (staged: string, path: string, at: { key: string; ifAbsent: boolean }) => Promise<boolean>

export function createPlace(root: string): Place {
  const ensureDirectory = createDirectories(root)
  return async (staged, path, { key, ifAbsent }) => {
    try {
      await ensureDirectory(dirname(path))
      const created = ifAbsent ? await linkIfAbsent(staged, path) : await replace(staged, path)
      // Also who finds a file there flushes its name: the one who made it may not have come so far.
      await syncDirectory(dirname(path))
      return created
    } catch (error) {
      throw isFolderClash(error)
        ? new ObjectKeyError(key, 'is a folder of another key, or has a key as folder')
        : error
    }
  }
}

async function replace(staged: string, path: string): Promise<true> {
  await rename(staged, path)
  return true
}

/** Linking fails where there is a file, so that one of many writers wins. */
async function linkIfAbsent(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    const found = await unlessMissing(stat(path))
    if (!found) return linkIfAbsent(staged, path)
    if (found.isDirectory()) throw error
    return false
  }
}

function isFolderClash(error: unknown): boolean {
  return ['EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')
}
