import { link, open, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { ObjectKeyError } from '../errors.ts'
import { checkKey, checkLimit, checkPrefix, checkRange } from '../object-key.ts'
import type {
  ByteRange,
  KeySource,
  ListedObject,
  ObjectBody,
  ObjectPage,
  ObjectStat,
  Objects,
  Stored,
} from '../objects.ts'
import { Directories, makeDirectory, syncDirectory } from './directories.ts'
import { errorCode, fileWork, unlessMissing } from './errors.ts'
import { KeyQueue } from './key-queue.ts'
import { stage, sweepStaging } from './staging.ts'
import { walk } from './walk.ts'

/** Objects as files under a directory, by their key; unfinished ones are in `.staging`, on the same file system. */
export async function openFileObjects(root: string): Promise<Objects> {
  const staging = join(root, '.staging')
  await fileWork(async () => {
    await makeDirectory(staging)
    await sweepStaging(staging)
  })
  return new FileObjects(root, staging)
}

class FileObjects implements Objects {
  readonly #root: string
  readonly #staging: string
  readonly #directories: Directories
  readonly #queue = new KeyQueue()

  constructor(root: string, staging: string) {
    this.#root = root
    this.#staging = staging
    this.#directories = new Directories(root)
  }

  async put(source: KeySource, body: ObjectBody, options: { ifAbsent?: boolean } = {}): Promise<Stored> {
    try {
      if (typeof source === 'string') checkKey(source)
      return await fileWork(() => this.#put(source, body, options.ifAbsent ?? false))
    } finally {
      if (body instanceof Readable) body.destroy()
    }
  }

  async #put(source: KeySource, body: ObjectBody, ifAbsent: boolean): Promise<Stored> {
    const { path, ...digest } = await stage(this.#staging, body)
    try {
      const key = typeof source === 'string' ? source : source(digest)
      checkKey(key)
      const created = await this.#queue.run(key, () => this.#publish(path, key, ifAbsent))
      return { key, ...digest, created }
    } finally {
      await rm(path, { force: true })
    }
  }

  /** Also a writer who finds the object there flushes its name: the one who made it may not have come so far. */
  async #publish(staged: string, key: string, ifAbsent: boolean): Promise<boolean> {
    const path = this.#path(key)
    try {
      await this.#directories.ensure(dirname(path))
      const created = ifAbsent ? await linkIfAbsent(staged, path) : await replace(staged, path)
      await syncDirectory(dirname(path))
      return created
    } catch (error) {
      throw isFolderClash(error)
        ? new ObjectKeyError(key, 'is a folder of another key, or has a key as folder')
        : error
    }
  }

  async get(key: string, range: ByteRange = { offset: 0 }): Promise<Readable | null> {
    checkKey(key)
    checkRange(range)
    const { offset, length } = range
    return fileWork(async () => {
      const file = await unlessMissing(open(this.#path(key), 'r'))
      if (!file) return null
      if (!(await file.stat()).isFile() || length === 0) {
        await file.close()
        return length === 0 ? Readable.from([]) : null
      }
      return file.createReadStream(
        length === undefined ? { start: offset } : { start: offset, end: offset + length - 1 },
      )
    })
  }

  async stat(key: string): Promise<ObjectStat | null> {
    checkKey(key)
    return fileWork(() => this.#stat(key))
  }

  async #stat(key: string): Promise<ObjectStat | null> {
    const info = await unlessMissing(stat(this.#path(key)))
    return info?.isFile() ? { sizeBytes: info.size, modifiedAt: info.mtime } : null
  }

  async delete(key: string, options: { ifModifiedBefore?: Date } = {}): Promise<boolean> {
    checkKey(key)
    return fileWork(() => this.#queue.run(key, () => this.#delete(key, options.ifModifiedBefore)))
  }

  async #delete(key: string, ifModifiedBefore: Date | undefined): Promise<boolean> {
    const found = await this.#stat(key)
    if (!found || (ifModifiedBefore && found.modifiedAt >= ifModifiedBefore)) return false
    const path = this.#path(key)
    await unlessMissing(unlink(path))
    await syncDirectory(dirname(path))
    return true
  }

  async list(prefix: string, page: { after?: string; limit: number }): Promise<ObjectPage> {
    checkPrefix(prefix)
    checkLimit(page.limit)
    return fileWork(() => firstPage(walk(this.#root, prefix, page.after ?? ''), page.limit))
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #path(key: string): string {
    return join(this.#root, key)
  }
}

async function firstPage(objects: AsyncIterable<ListedObject>, limit: number): Promise<ObjectPage> {
  const items: ListedObject[] = []
  for await (const object of objects) {
    const last = items.at(-1)
    if (last && items.length === limit) return { items, nextAfter: last.key }
    items.push(object)
  }
  return { items }
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
