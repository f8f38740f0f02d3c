import { Readable } from 'node:stream'
import { checkKey, checkLimit, checkLink, checkPrefix, checkRange } from '../object-key.ts'
import type { Objects } from '../objects.ts'
import { copy } from './copy.ts'
import { deleteMany, deleteOne } from './delete.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { createPresign } from './presign.ts'
import { probeConditions } from './probe.ts'
import { createPut } from './put.ts'
import { removeUnfinished } from './remove-unfinished.ts'
import { storeWork } from './s3-errors.ts'
import { isUncertain } from './s3-refusal.ts'
import { openStore } from './s3-store.ts'
import { parseS3Url } from './s3-url.ts'

/** A bucket of an S3 store. One that is out of reach now may come later; one that cannot be used throws. */
export async function openS3Objects(url: string): Promise<Objects> {
  const place = parseS3Url(url)
  const store = openStore(place)
  const presign = createPresign(place)
  const put = createPut(store)
  const { bucket } = store
  const knowsConditions = createOnce(() => probeConditions(store))
  await storeWork({ bucket }, () =>
    knowsConditions().catch((error: unknown) => {
      if (!isUncertain(error)) throw error
    }),
  )

  return {
    async put(source, body, { ifAbsent = false } = {}) {
      try {
        if (typeof source === 'string') checkKey(source)
        if (ifAbsent) await storeWork({ bucket }, knowsConditions)
        return await put(source, body, ifAbsent)
      } finally {
        if (body instanceof Readable) body.destroy()
      }
    },
    async get(key, range = { offset: 0 }) {
      checkKey(key)
      checkRange(range)
      return storeWork({ bucket }, () => get(store, key, range))
    },
    async stat(key) {
      checkKey(key)
      const found = await storeWork({ bucket }, () => store.find(key))
      return found && { sizeBytes: found.sizeBytes, modifiedAt: found.modifiedAt }
    },
    async delete(key, { ifModifiedBefore } = {}) {
      checkKey(key)
      return storeWork({ bucket }, () => deleteOne(store, key, ifModifiedBefore))
    },
    async deleteMany(keys) {
      for (const key of keys) checkKey(key)
      return storeWork({ bucket }, () => deleteMany(store, keys))
    },
    async copy(from, to) {
      checkKey(from)
      checkKey(to)
      return storeWork({ bucket, key: to }, () => copy(store, from, to))
    },
    async signedUrl(key, options) {
      checkKey(key)
      checkLink(options)
      return storeWork({ bucket }, () => presign(key, options))
    },
    removeUnfinished: (untouchedSince) =>
      storeWork({ bucket }, () => removeUnfinished(store, untouchedSince)),
    async list(prefix, page) {
      checkPrefix(prefix)
      checkLimit(page.limit)
      return storeWork({ bucket }, () => list(store, prefix, page))
    },
    async [Symbol.asyncDispose]() {
      store[Symbol.dispose]()
    },
  }
}

/** Does it until it worked once. */
function createOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    })
    return done
  }
}
