import type { Objects } from '@sandkeep/objects'
import { type Database, sql } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import { avatarPrefix, avatarUrl } from './avatar-service.ts'

const pageSize = 200
const graceMs = 24 * 3_600_000

const hashOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

async function unreferenced(db: Database, keys: string[]): Promise<string[]> {
  const urls = keys.map((key) => avatarUrl(hashOf(key)))
  const used = await db.query<{ url: string }>(
    sql`select distinct avatar_url as url from user_profiles where avatar_url = any(${urls})`,
  )
  const inUse = new Set(used.map((row) => row.url))
  return keys.filter((key) => !inUse.has(avatarUrl(hashOf(key))))
}

export interface SweepParts {
  db: Database
  objects: Objects
  log: Logger
}

/** Deletes pictures that nobody has referred to for a day. One put meanwhile is newer than the cut and stays. */
export async function sweepAvatars({ db, objects, log }: SweepParts, now: Date): Promise<void> {
  const cut = new Date(now.getTime() - graceMs)
  let after: string | undefined
  let deleted = 0
  do {
    const page = await objects.list(`${avatarPrefix}/`, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    })
    const old = page.items.filter((item) => item.modifiedAt < cut).map((item) => item.key)
    for (const key of await unreferenced(db, old))
      if (await objects.delete(key, { ifModifiedBefore: cut })) deleted += 1
    after = page.nextAfter
  } while (after !== undefined)
  if (deleted > 0) log.info({ deleted }, 'avatars that nobody uses deleted')
}
