import { type Cache, declareCacheKeys, openCache } from '@sandkeep/cache'
import { newId } from '@sandkeep/postgres'
import type { Fate } from '../../harness/ledger.ts'
import { contentOf, createPool, type Discrepancies, numberOf, type StoreProof } from './proved-store.ts'

const ttlMs = 60 * 60_000
const limit = { limit: 50, windowMs: ttlMs }
const patienceMs = 10_000
const windows = 20
const largest = 2_000

const { keys } = declareCacheKeys('proof', {
  any: {
    pattern: '{name}',
    holds: 'what the proof writes and looks for again',
    longestMs: ttlMs,
    forgottenWhen: 'the proof deletes it',
    withoutCache: 'the proof counts what was acknowledged',
  },
})

const valueAt = (name: string) => contentOf(name, 1 + numberOf(name, largest)).toString('base64')
const windowNames = Array.from({ length: windows }, (_, i) => `window${i}`)

export const cacheProof: StoreProof = {
  createWorkload(random) {
    const stored = createPool(random)
    return {
      next() {
        const kind = random.between(1, 20)
        if (kind <= 4 && !stored.isEmpty()) return `delete:${stored.take()}`
        if (kind <= 8) return `take:${windowNames[random.between(0, windows - 1)]}:${newId()}`
        return `set:${newId()}`
      },
      settled(id, fate) {
        const [kind, name = ''] = id.split(':')
        if (kind === 'set' && fate === 'ok') stored.add(name)
      },
    }
  },
  async open({ url, space }) {
    const cache = await openCache(url, { owner: space })
    return {
      obey: (id) => obey(cache, id),
      [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
    }
  },
  async compare({ url, space }, fates) {
    await using cache = await openCache(url, { owner: space, commandTimeoutMs: patienceMs })
    return await compareCache(cache, fates)
  },
}

async function obey(cache: Cache, id: string): Promise<boolean> {
  const [kind, name = ''] = id.split(':')
  if (kind === 'take') return (await cache.take(keys.any(name), limit)).allowed
  if (kind === 'delete') await cache.delete(keys.any(name))
  else await cache.set(keys.any(name), valueAt(name), ttlMs)
  return true
}

async function compareCache(cache: Cache, fates: Map<string, Fate>): Promise<Discrepancies> {
  const found: Discrepancies = { lost: [], torn: [], invented: [] }
  for (const [id, fate] of fates) {
    const [kind, name = ''] = id.split(':')
    if (kind !== 'set') continue
    const value = await cache.get(keys.any(name))
    const deletion = fates.get(`delete:${name}`)
    if (value !== null && value !== valueAt(name)) found.torn.push(id)
    if (value === null && fate === 'ok' && deletion === undefined) found.lost.push(id)
    if (value !== null && deletion === 'ok') found.lost.push(`delete:${name}`)
  }
  for (const window of windowNames)
    if (await hasForgotten(cache, window, fates)) found.lost.push(`take:${window}`)
  return found
}

/** Whether more can be taken from a window than its limit: then takes were forgotten. */
async function hasForgotten(cache: Cache, window: string, fates: Map<string, Fate>): Promise<boolean> {
  let allowed = [...fates].filter(([id, fate]) => id.startsWith(`take:${window}:`) && fate === 'ok').length
  while (allowed <= limit.limit && (await cache.take(keys.any(window), limit)).allowed) allowed++
  return allowed > limit.limit
}
