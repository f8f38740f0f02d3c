import { Readable } from 'node:stream'
import { checkKey, checkLimit, checkPrefix, checkRange } from '../object-key.ts'
import type { Objects } from '../objects.ts'
import { deleteOne } from './delete.ts'
import { get } from './get.ts'
import { list } from './list.ts'
import { probeConditions } from './probe.ts'
import { createPut } from './put.ts'
import { storeWork } from './s3-errors.ts'
import { isUncertain } from './s3-refusal.ts'
import { openStore } from './s3-store.ts'
import { parseS3Url } from './s3-url.ts'

/** A bucket of an S3 store. One that is out of reach now may come later; one that cannot be used throws. */
export async function openS3Objects(url: string): Promise<Objects> {
  const store = openStore(parseS3Url(url))
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
