import { isAbsent, isConditionFailed, isUncertain, S3Refusal } from './s3-refusal.ts'
import type { S3Store } from './s3-store.ts'

const lookMs = 500
const maxRounds = 3

/**
 * Writes, and where the answer does not tell what became of it, looks at what is there: every put marks its object with
 * an id of its own. True when our object is there, false when `ifAbsent` met another.
 */
export async function settle(
  store: S3Store,
  { key, putId }: { key: string; putId: string },
  write: () => Promise<unknown>,
): Promise<boolean> {
  for (let round = 1; ; round++) {
    try {
      await write()
      return true
    } catch (error) {
      const there = await look(store, key, error)
      if (there?.putId === putId) return true
      if (!isConditionFailed(error)) throw error
      if (there) return false
      // Whoever was there first was deleted meanwhile.
      if (round === maxRounds) throw error
    }
  }
}

/** What is there, where that can tell more than the error. An upload that is gone may have been completed. */
async function look(store: S3Store, key: string, error: unknown) {
  if (isConditionFailed(error)) return store.find(key)
  if (!isUncertain(error) && !isAbsent(error)) return null
  return store.find(key, lookMs).catch((failure: unknown) => {
    if (failure instanceof S3Refusal) return null
    throw failure
  })
}
