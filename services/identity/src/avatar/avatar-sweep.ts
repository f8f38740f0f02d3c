import { contentKey, type Objects, sweepContent } from '@sandkeep/objects'
import { type Database, sql } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import { avatarPrefix, avatarUrl } from './avatar-service.ts'

const keyOf = (url: string): string => contentKey(avatarPrefix, url.slice(url.lastIndexOf('/') + 1))
const hashOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

async function referenced(db: Database, keys: string[]): Promise<Set<string>> {
  const urls = keys.map((key) => avatarUrl(hashOf(key)))
  const used = await db.query<{ url: string }>(
    sql`select distinct avatar_url as url from user_profiles where avatar_url = any(${urls})`,
  )
  return new Set(used.map(({ url }) => keyOf(url)))
}

export interface SweepParts {
  db: Database
  objects: Objects
  log: Logger
}

/** Deletes pictures that nobody has referred to for a day. */
export async function sweepAvatars({ db, objects, log }: SweepParts, now: Date): Promise<void> {
  const swept = await sweepContent({
    objects,
    prefix: avatarPrefix,
    now,
    referenced: (keys) => referenced(db, keys),
  })
  if (swept.swept + swept.buried + swept.restored > 0) log.info(swept, 'avatars that nobody uses swept')
}
