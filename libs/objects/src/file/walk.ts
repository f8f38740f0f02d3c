import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedObject } from '../objects.ts'
import { unlessMissing } from './errors.ts'

const batchSize = 1_000

/** Objects in byte order of their keys, starting with `prefix` and after `after`, in bounded memory. */
export async function* walk(
  root: string,
  prefix: string,
  after: string,
  folder = prefix.slice(0, prefix.lastIndexOf('/') + 1),
): AsyncGenerator<ListedObject> {
  for await (const name of entries(join(root, folder), (it) => reaches(folder + it, prefix, after))) {
    const key = folder + name
    if (key.endsWith('/')) {
      yield* walk(root, prefix, after, key)
      continue
    }
    const info = await unlessMissing(stat(join(root, key)))
    if (info) yield { key, sizeBytes: info.size, modifiedAt: info.mtime }
  }
}

/** Whether the object, or some object in the folder, can be part of the answer. */
function reaches(key: string, prefix: string, after: string): boolean {
  if (!key.endsWith('/')) return key.startsWith(prefix) && key > after
  return (key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key))
}

/** A folder's entries in order, folders ending in `/`, as they sort among keys. A large folder is read again for every batch instead of being held whole. */
async function* entries(directory: string, wanted: (name: string) => boolean): AsyncGenerator<string> {
  let last = ''
  for (;;) {
    const batch = await smallest(directory, (name) => name > last && wanted(name))
    for (const name of batch) yield name
    const end = batch.at(-1)
    if (end === undefined || batch.length < batchSize) return
    last = end
  }
}

async function smallest(directory: string, wanted: (name: string) => boolean): Promise<string[]> {
  const found: string[] = []
  const folder = await unlessMissing(opendir(directory))
  if (!folder) return found
  for await (const entry of folder) {
    const name = entry.isDirectory() ? `${entry.name}/` : entry.name
    if (entry.name.startsWith('.') || !wanted(name)) continue
    found.push(name)
    if (found.length >= 2 * batchSize) keepSmallest(found)
  }
  keepSmallest(found)
  return found
}

function keepSmallest(names: string[]): void {
  names.sort((a, b) => (a < b ? -1 : 1))
  names.splice(batchSize)
}
