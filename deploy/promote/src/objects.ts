import { createHash } from 'node:crypto'
import type { StoredService } from '@sandkeep/embedded/parts'
import { type Objects, openObjects } from '@sandkeep/objects'
import type { Progress } from './progress.ts'
import type { Finding } from './report.ts'

const pageSize = 500

/** Copies a service's objects as streams, and compares both sides by their bytes. */
export async function moveObjects(
  service: StoredService,
  urls: { source: string; target: string },
  { progress, stack }: { progress: Progress; stack: AsyncDisposableStack },
): Promise<Finding> {
  const source = stack.use(await openObjects(urls.source))
  const target = stack.use(await openObjects(urls.target))
  await progress.begin('objects', async () => (await keysOf(target).next()).done === true)
  const [sourceHash, targetHash] = [createHash('sha256'), createHash('sha256')]
  let [count, arrived] = [0, 0]
  for await (const key of keysOf(source)) {
    const wanted = await digestOf(source, key)
    if ((await digestOf(target, key)) !== wanted) await copy(source, target, key)
    const found = await digestOf(target, key)
    sourceHash.update(`${key} ${wanted}\n`)
    targetHash.update(`${key} ${found}\n`)
    count++
    if (found !== null) arrived++
  }
  return {
    what: `${service} objects`,
    source: { count, sha256: sourceHash.digest('hex') },
    target: { count: arrived, sha256: targetHash.digest('hex') },
  }
}

async function copy(source: Objects, target: Objects, key: string): Promise<void> {
  const body = await source.get(key)
  if (body) await target.put(key, body)
}

async function digestOf(objects: Objects, key: string): Promise<string | null> {
  const body = await objects.get(key)
  if (body === null) return null
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex')
}

async function* keysOf(objects: Objects) {
  for (let after: string | undefined; ; ) {
    const { items, nextAfter } = await objects.list('', { limit: pageSize, ...(after && { after }) })
    for (const { key } of items) yield key
    if (!nextAfter) return
    after = nextAfter
  }
}
