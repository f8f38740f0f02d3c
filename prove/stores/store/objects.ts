import { buffer } from 'node:stream/consumers'
import { type Objects, openObjects } from '@sandkeep/objects'
import { newId } from '@sandkeep/postgres'
import type { Fate } from '../../harness/ledger.ts'
import {
  contentOf,
  createPool,
  type Discrepancies,
  numberOf,
  type StorePlace,
  type StoreProof,
} from './proved-store.ts'

const largest = 300_000
/** One in so many is an upload: larger than what is sent in one part. */
const oneIn = 50
const uploadBytes = 9_000_000
const isUpload = (name: string) => numberOf(`size ${name}`, oneIn) === 0

const contentOfName = (name: string): Buffer =>
  contentOf(name, isUpload(name) ? uploadBytes : 1 + numberOf(name, largest))

export const contentAt = (key: string): Buffer => contentOfName(key.slice(key.indexOf('/') + 1))

export const objectsProof: StoreProof = {
  createWorkload(random) {
    const deletable = createPool(random)
    const lasting = createPool(random)
    return {
      next() {
        const kind = random.between(1, 20)
        if (kind <= 3 && !deletable.isEmpty()) return `delete:${deletable.take()}`
        if (kind <= 6 && !lasting.isEmpty()) return `again:${lasting.any()}:${newId()}`
        return `${kind % 2 === 0 ? 'put' : 'create'}:${newId()}`
      },
      settled(id, fate) {
        const [kind, name = ''] = id.split(':')
        if (fate !== 'ok') return
        if (kind === 'put') deletable.add(name)
        if (kind === 'create') lasting.add(name)
      },
    }
  },
  mayTakeLong(id) {
    const [kind, name = ''] = id.split(':')
    return (kind === 'put' || kind === 'create') && isUpload(name)
  },
  async open({ url, space }) {
    const objects = await openObjects(url)
    return {
      obey: (id) => obey(objects, space, id),
      [Symbol.asyncDispose]: () => objects[Symbol.asyncDispose](),
    }
  },
  async compare(place, fates) {
    await using objects = await openObjects(place.url)
    return await compareObjects(objects, place, fates)
  },
}

async function obey(objects: Objects, space: string, id: string): Promise<boolean> {
  const [kind, name] = id.split(':')
  const key = `${space}/${name}`
  if (kind === 'delete') {
    await objects.delete(key)
    return true
  }
  if (kind === 'put') return (await objects.put(key, contentAt(key))).created
  // Other content for a key that is taken: it must stay as it is.
  const content = kind === 'again' ? Buffer.from(id) : contentAt(key)
  return (await objects.put(key, content, { ifAbsent: true })).created
}

async function compareObjects(
  objects: Objects,
  { space }: StorePlace,
  fates: Map<string, Fate>,
): Promise<Discrepancies> {
  const found = await allKeys(objects, `${space}/`)
  const names = new Set(found.map((key) => key.slice(space.length + 1)))
  const torn: string[] = []
  for (const key of found) if (!(await isWhole(objects, key))) torn.push(key)
  const acknowledged = [...fates].filter(([, fate]) => fate === 'ok').map(([id]) => id)
  const isLost = (id: string) => {
    const [kind, name = ''] = id.split(':')
    if (kind === 'delete') return names.has(name)
    return kind !== 'again' && !fates.has(`delete:${name}`) && !names.has(name)
  }
  const fatesOf = (name: string) => [`put:${name}`, `create:${name}`].map((id) => fates.get(id) ?? 'refused')
  const unasked = [...names].filter((name) => fatesOf(name).every((fate) => fate === 'refused'))
  // Put although the key was taken.
  const overwriting = acknowledged.filter((id) => id.startsWith('again:'))
  return { lost: acknowledged.filter(isLost), torn, invented: [...unasked, ...overwriting] }
}

async function isWhole(objects: Objects, key: string): Promise<boolean> {
  const stream = await objects.get(key)
  return stream !== null && (await buffer(stream)).equals(contentAt(key))
}

async function allKeys(objects: Objects, prefix: string): Promise<string[]> {
  const keys: string[] = []
  let page = await objects.list(prefix, { limit: 1_000 })
  for (;;) {
    keys.push(...page.items.map((it) => it.key))
    if (page.nextAfter === undefined) return keys
    page = await objects.list(prefix, { limit: 1_000, after: page.nextAfter })
  }
}
