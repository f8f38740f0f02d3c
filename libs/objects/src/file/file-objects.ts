import { rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { ObjectsUnavailableError } from '../errors.ts'
import { type LinkSigner, signLink } from '../link/signed-link.ts'
import { checkKey, checkLimit, checkLink, checkPrefix, checkRange } from '../object-key.ts'
import type {
  Deletion,
  KeySource,
  ListedObject,
  ObjectBody,
  ObjectPage,
  Objects,
  Stored,
} from '../objects.ts'
import { makeDirectory, syncDirectory } from './directories.ts'
import { fileWork, unlessMissing } from './errors.ts'
import { createKeyQueue } from './key-queue.ts'
import { createPlace } from './place.ts'
import { read, statFile } from './read.ts'
import { abandonedAfterMs, stage, sweepStaging } from './staging.ts'
import { walk } from './walk.ts'

/** Of the keys of one batch, so many at once: each has a folder open. */
const maxDeleting = 16

/** Objects as files under a directory, by their key; unfinished ones are in `.staging`, on the same file system. */
export async function openFileObjects(root: string, links?: LinkSigner): Promise<Objects> {
  const staging = join(root, '.staging')
  await fileWork(async () => {
    await makeDirectory(staging)
    await sweepStaging(staging, new Date(Date.now() - abandonedAfterMs))
  })
  return fileObjects(root, staging, links)
}

function fileObjects(root: string, staging: string, links?: LinkSigner): Objects {
  const inTurn = createKeyQueue()
  const place = createPlace(root)
  const pathOf = (key: string): string => join(root, key)

  async function write(source: KeySource, body: ObjectBody, ifAbsent: boolean): Promise<Stored> {
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

  async function remove(key: string, ifModifiedBefore: Date | undefined): Promise<boolean> {
    const path = pathOf(key)
    const found = await statFile(path)
    if (!found || (ifModifiedBefore && found.modifiedAt >= ifModifiedBefore)) return false
    await unlessMissing(unlink(path))
    await syncDirectory(dirname(path))
    return true
  }

  const removeInTurn = (key: string, ifModifiedBefore?: Date) =>
    fileWork(() => inTurn(key, () => remove(key, ifModifiedBefore)))

  return {
    async put(source, body, { ifAbsent = false } = {}) {
      try {
        if (typeof source === 'string') checkKey(source)
        return await fileWork(() => write(source, body, ifAbsent))
      } finally {
        if (body instanceof Readable) body.destroy()
      }
    },
    async get(key, range = { offset: 0 }) {
      checkKey(key)
      checkRange(range)
      return fileWork(() => read(pathOf(key), range))
    },
    async stat(key) {
      checkKey(key)
      return fileWork(() => statFile(pathOf(key)))
    },
    async delete(key, { ifModifiedBefore } = {}) {
      checkKey(key)
      return removeInTurn(key, ifModifiedBefore)
    },
    async deleteMany(keys) {
      for (const key of keys) checkKey(key)
      const deletions: Deletion[] = []
      for (let at = 0; at < keys.length; at += maxDeleting) {
        const some = keys.slice(at, at + maxDeleting).map((key) => outcomeOf(key, removeInTurn(key)))
        deletions.push(...(await Promise.all(some)))
      }
      return deletions
    },
    async copy(from, to) {
      checkKey(from)
      checkKey(to)
      return fileWork(async () => {
        const stream = await read(pathOf(from), { offset: 0 })
        if (stream) await write(to, stream, false)
        return stream !== null
      })
    },
    async signedUrl(key, options) {
      checkKey(key)
      checkLink(options)
      if (!links) throw new Error('These objects were opened without the secret that links are signed with')
      return signLink(links, { key, ...options }, new Date(Date.now() + options.expiresInSeconds * 1_000))
    },
    removeUnfinished: (untouchedSince) => fileWork(() => sweepStaging(staging, untouchedSince)),
    async list(prefix, { after = '', limit }) {
      checkPrefix(prefix)
      checkLimit(limit)
      return fileWork(() => firstPage(walk(root, prefix, after), limit))
    },
    async [Symbol.asyncDispose]() {},
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

async function firstPage(objects: AsyncIterable<ListedObject>, limit: number): Promise<ObjectPage> {
  const items: ListedObject[] = []
  for await (const object of objects) {
    const last = items.at(-1)
    if (last && items.length === limit) return { items, nextAfter: last.key }
    items.push(object)
  }
  return { items }
}
