import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

const maxRemembered = 10_000
const forThisAccount = { recursive: true, mode: 0o700 } as const

/** Makes the names in a directory survive a crash. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Creates a directory whose own name, and those of its new parents, survive a crash. */
export async function makeDirectory(directory: string): Promise<void> {
  const created = await mkdir(directory, forThisAccount)
  if (created !== undefined) await syncNames(directory, dirname(created))
}

async function syncNames(directory: string, top: string): Promise<void> {
  for (let at = directory; at !== top; at = dirname(at)) await syncDirectory(dirname(at))
}

/**
 * Makes sure of directories under a root. One that exists may be newly made by another writer, who has not flushed its
 * name yet: whoever uses it first in this process flushes the whole way.
 */
export function createDirectories(root: string) {
  const flushed = new Set<string>()
  return async (directory: string): Promise<void> => {
    const created = await mkdir(directory, forThisAccount)
    if (created === undefined && flushed.has(directory)) return
    await syncNames(directory, root)
    if (flushed.size >= maxRemembered) flushed.clear()
    flushed.add(directory)
  }
}
