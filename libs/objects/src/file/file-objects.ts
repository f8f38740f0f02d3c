import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type LinkSigner, signLink } from '../link/signed-link.ts'
import { checkKey, checkLimit, checkLink, checkPrefix, checkRange } from '../object-key.ts'
import type { ListedObject, ObjectPage, Objects } from '../objects.ts'
import { makeDirectory } from './directories.ts'
import { fileWork } from './errors.ts'
import { read, statFile } from './read.ts'
import { abandonedAfterMs, sweepStaging } from './staging.ts'
import { walk } from './walk.ts'
import { createWrites } from './writes.ts'

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
  const { write, remove, removeMany, copy } = createWrites(root, staging)
  const pathOf = (key: string): string => join(root, key)

  return {
    async put(source, body, { ifAbsent = false } = {}) {
      try {
        if (typeof source === 'string') checkKey(source)
        return await write(source, body, ifAbsent)
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
      return remove(key, ifModifiedBefore)
    },
    async deleteMany(keys) {
      for (const key of keys) checkKey(key)
      return removeMany(keys)
    },
    async copy(from, to) {
      checkKey(from)
      checkKey(to)
      return copy(from, to)
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

async function firstPage(objects: AsyncIterable<ListedObject>, limit: number): Promise<ObjectPage> {
  const items: ListedObject[] = []
  for await (const object of objects) {
    const last = items.at(-1)
    if (last && items.length === limit) return { items, nextAfter: last.key }
    items.push(object)
  }
  return { items }
}
