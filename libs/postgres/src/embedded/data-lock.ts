import { randomUUID } from 'node:crypto'
import { readlink, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { processIdentity } from './process-identity.ts'

/**
 * Holds the data directory for this process, or refuses naming the process that does. The lock is a
 * symbolic link, since that is made and filled in one step; one whose process is gone is taken over.
 */
export async function lockData(dataDirectory: string): Promise<AsyncDisposable> {
  const path = join(dataDirectory, 'lock')
  const mine = `${process.pid} ${await processIdentity(process.pid)}`
  while (!(await tryLink(mine, path))) {
    const holder = await readlink(path).catch(() => undefined)
    if (holder === undefined) continue
    if (await isAlive(holder)) {
      throw new Error(
        `process ${pidOf(holder)} already uses the data in ${dataDirectory}: stop it, or use another directory`,
      )
    }
    await removeStale(path, holder)
  }
  return {
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  }
}

const tryLink = (content: string, path: string) =>
  symlink(content, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )

const pidOf = (holder: string) => Number(holder.split(' ')[0])

async function isAlive(holder: string): Promise<boolean> {
  const pid = pidOf(holder)
  return holder === `${pid} ${await processIdentity(pid)}`
}

/** Moved aside first: of two processes that find the same stale lock, one must not remove the other's new one. */
async function removeStale(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  await rename(path, aside).catch(() => {})
  const moved = await readlink(aside).catch(() => holder)
  if (moved !== holder) await tryLink(moved, path)
  await rm(aside, { force: true })
}
