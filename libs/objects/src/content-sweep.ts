import { binKey } from './content.ts'
import type { ListedObject, Objects } from './objects.ts'

const minGraceMs = 24 * 3_600_000
const pageSize = 500

/** The content under one prefix, and whoever knows what is still used. */
export interface ContentSweep {
  objects: Objects
  /** The prefix that `putContent` was given. */
  prefix: string
  now: Date
  /** How long content may wait for the row that refers to it, and a swept one for its burial; at least 24 h. */
  graceMs?: number
  /** Which of these keys something refers to at this moment. */
  referenced(keys: string[]): Promise<ReadonlySet<string>>
  signal?: AbortSignal | undefined
}

export interface ContentSwept {
  /** Put into the bin. */
  swept: number
  /** Taken out of the bin: something came to refer to it. */
  restored: number
  /** Deleted from the bin, for good. */
  buried: number
}

/**
 * Deletes content that nothing refers to in two steps, a grace apart: it is copied to the bin and deleted, and later
 * deleted from the bin. An upload of the same content that meets the first step and is lost is found in the bin by
 * `getContent`, and put back by the next sweep, since something refers to it by then. Also removes what killed
 * uploads left. Sweeps of one prefix must not overlap.
 */
export async function sweepContent(sweep: ContentSweep): Promise<ContentSwept> {
  const { objects, prefix, now, graceMs = minGraceMs } = sweep
  if (graceMs < minGraceMs)
    throw new RangeError(`The grace of a sweep is at least ${minGraceMs} ms, not ${graceMs}`)
  const before = new Date(now.getTime() - graceMs)
  const done: ContentSwept = { swept: 0, restored: 0, buried: 0 }
  for await (const page of pages(sweep, `${binKey(prefix)}/`)) await emptyBin(sweep, page, before, done)
  for await (const page of pages(sweep, `${prefix}/`)) await fillBin(sweep, page, before, done)
  await objects.removeUnfinished(before)
  return done
}

async function* pages({ objects, signal }: ContentSweep, prefix: string): AsyncGenerator<ListedObject[]> {
  let after: string | undefined
  do {
    signal?.throwIfAborted()
    const page = await objects.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) })
    yield page.items
    after = page.nextAfter
  } while (after !== undefined)
}

async function emptyBin(sweep: ContentSweep, page: ListedObject[], before: Date, done: ContentSwept) {
  const { objects, referenced } = sweep
  const keyOf = (binned: string) => binned.slice(binKey('').length)
  const used = await referenced(page.map(({ key }) => keyOf(key)))
  const [restored, old]: [string[], string[]] = [[], []]
  for (const { key, modifiedAt } of page) {
    if (used.has(keyOf(key))) {
      if ((await objects.stat(keyOf(key))) === null && (await objects.copy(key, keyOf(key))))
        done.restored += 1
      restored.push(key)
    } else if (modifiedAt < before) {
      old.push(key)
    }
  }
  // What cannot be deleted now is found by the next sweep.
  await objects.deleteMany(restored)
  done.buried += (await objects.deleteMany(old)).filter(({ error }) => error === undefined).length
}

async function fillBin(sweep: ContentSweep, page: ListedObject[], before: Date, done: ContentSwept) {
  const { objects, referenced } = sweep
  const old = page.filter(({ modifiedAt }) => modifiedAt < before).map(({ key }) => key)
  const used = await referenced(old)
  for (const key of old) {
    if (used.has(key) || !(await objects.copy(key, binKey(key)))) continue
    if (await objects.delete(key, { ifModifiedBefore: before })) done.swept += 1
  }
}
