import { randomUUID } from 'node:crypto'
import { eventually } from '@sandkeep/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Collection,
  type CollectionDefinition,
  CollectionDefinitionError,
  DocumentInvalidError,
  DocumentKeyTakenError,
  type Documents,
  type KeyValue,
  type Range,
} from '../src/index.ts'
import { type Note, noteDefinition, noteOf } from './note.ts'

export interface DocumentsEngine extends AsyncDisposable {
  documents: Documents
}

/** What every documents adapter must do. */
export function documentsContract(name: string, start: () => Promise<DocumentsEngine>): void {
  describe(`${name} documents`, () => {
    let engine: DocumentsEngine
    let documents: Documents
    beforeAll(async () => {
      engine = await start()
      documents = engine.documents
    })
    afterAll(() => engine[Symbol.asyncDispose]())

    const open = () => documents.collection(noteDefinition())

    test('a document comes back as it was inserted', async () => {
      const notes = await open()
      const note = noteOf({
        text: 'übung ☎ "quoted" \\u0000 \n',
        extra: { deep: [1, 2.5, -0.1, 1e-7, true, null, {}] },
      })
      expect(await notes.insert([note])).toEqual(['inserted'])
      expect(await notes.get(note.id)).toEqual(note)
      expect(await notes.get(randomUUID())).toBeNull()
    })

    test('insert answers per row: a taken id or unique key is a conflict and leaves the others alone', async () => {
      const notes = await open()
      const first = noteOf({ owner: 'ann', path: 'a' })
      await notes.insert([first])
      const fine = noteOf({ owner: 'ann', path: 'b' })
      const sameKeyTwice = noteOf({ owner: 'ann', path: 'b' })
      const results = await notes.insert([
        { ...first, path: 'other' },
        fine,
        noteOf({ owner: 'ann', path: 'a' }),
        sameKeyTwice,
        noteOf({ owner: 'bob', path: 'a' }),
      ])
      expect(results).toEqual(['conflict', 'inserted', 'conflict', 'conflict', 'inserted'])
      expect(await notes.get(first.id)).toEqual(first)
      expect(await notes.get(sameKeyTwice.id)).toBeNull()
      expect(await notes.insert([])).toEqual([])
    })

    test('of 20 inserts of one unique key at once one wins', async () => {
      const notes = await open()
      const rivals = Array.from({ length: 20 }, () => noteOf({ owner: 'ann', path: 'race' }))
      const results = (await Promise.all(rivals.map((it) => notes.insert([it])))).flat()
      expect(results.filter((it) => it === 'inserted')).toHaveLength(1)
      const winner = rivals[results.indexOf('inserted')]
      expect((await notes.range({ key: 'byPath', prefix: ['ann', 'race'], limit: 10 })).items).toEqual([
        winner,
      ])
    })

    test('batches that meet from both ends insert each document once', async () => {
      const notes = await open()
      const paths = Array.from({ length: 500 }, (_, i) => `path-${i}`)
      const batches = Array.from({ length: 8 }, (_, i) => (i % 2 ? paths : paths.toReversed()))
      const inserts = batches.map((batch) => notes.insert(batch.map((path) => noteOf({ path }))))
      const inserted = (await Promise.all(inserts)).flat().filter((it) => it === 'inserted')
      expect(inserted).toHaveLength(paths.length)
    })

    test('an invalid document names every field and nothing is written', async () => {
      const notes = await open()
      const good = noteOf({})
      const bad = { ...noteOf({}), path: '', rank: 'high', surprise: 1 } as unknown
      const error = await notes.insert([good, bad as Note]).catch((it: unknown) => it)
      expect(error).toBeInstanceOf(DocumentInvalidError)
      expect(
        error instanceof DocumentInvalidError && error.errors.map((it) => [it.pointer, it.code]),
      ).toEqual(
        expect.arrayContaining([
          ['/path', 'min_length'],
          ['/rank', 'type'],
          ['/surprise', 'additional_properties'],
        ]),
      )
      expect(await notes.get(good.id)).toBeNull()
    })

    test.for<[string, Partial<Note>, string]>([
      ['U+0000', { text: 'nul \0' }, '/text'],
      ['half a surrogate pair', { extra: { deep: ['\ud800'] } }, '/extra/deep/0'],
      ['U+0000 in a name', { extra: { 'a/\0': 1 } }, '/extra/a~1\0'],
      ['a key too large for an index', { path: 'x'.repeat(2_001) }, '/path'],
      ['more than 8 MiB', { text: 'x'.repeat(8 * 1024 * 1024) }, ''],
      ['an empty id', { id: '' }, '/id'],
      ['a bad date', { expiresAt: '2026-02-31T00:00:00Z' }, '/expiresAt'],
    ])('%s is refused in every engine', async ([, part, pointer]) => {
      const notes = await open()
      const error = await notes.insert([noteOf(part)]).catch((it: unknown) => it)
      expect(error instanceof DocumentInvalidError && error.errors[0]?.pointer).toBe(pointer)
    })

    test('a batch names an id only once and has at most 1,000 rows', async () => {
      const notes = await open()
      const note = noteOf({})
      await expect(notes.insert([note, { ...note, path: 'other' }])).rejects.toThrow(RangeError)
      await expect(notes.getMany(Array(1_001).fill('x'))).rejects.toThrow(RangeError)
      await expect(notes.delete(Array(1_001).fill('x'))).rejects.toThrow(RangeError)
      await expect(notes.insert(Array.from({ length: 1_001 }, () => noteOf({})))).rejects.toThrow(RangeError)
    })

    test('getMany answers those that exist, in the order asked', async () => {
      const notes = await open()
      const [a, b, c] = [noteOf({}), noteOf({}), noteOf({})]
      await notes.insert([a, b, c])
      expect(await notes.getMany([c.id, randomUUID(), a.id, b.id])).toEqual([c, a, b])
      expect(await notes.getMany([])).toEqual([])
    })

    test('delete removes what is there and counts it', async () => {
      const notes = await open()
      const [a, b] = [noteOf({}), noteOf({})]
      await notes.insert([a, b])
      expect(await notes.delete([a.id, randomUUID()])).toBe(1)
      expect(await notes.delete([a.id])).toBe(0)
      expect(await notes.getMany([a.id, b.id])).toEqual([b])
      expect(await notes.insert([a])).toEqual(['inserted'])
    })

    test('replace needs the version it read, and of 20 at once one wins', async () => {
      const notes = await open()
      const note = noteOf({})
      await notes.insert([note])
      const rivals = Array.from({ length: 20 }, (_, i) => ({ ...note, version: 2, text: `rival ${i}` }))
      const won = await Promise.all(rivals.map((it) => notes.replace(it, { ifVersion: 1 })))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await notes.get(note.id)).toEqual(rivals[won.indexOf(true)])
      expect(await notes.replace({ ...note, version: 3 }, { ifVersion: 1 })).toBe(false)
      expect(await notes.replace(noteOf({ version: 2 }), { ifVersion: 1 })).toBe(false)
      await expect(notes.replace({ ...note, version: 2 }, { ifVersion: 2 })).rejects.toThrow(RangeError)
    })

    test('replace moves the document in its keys, and cannot take the unique key of another', async () => {
      const notes = await open()
      const [a, b] = [noteOf({ owner: 'ann', path: 'a' }), noteOf({ owner: 'ann', path: 'b' })]
      await notes.insert([a, b])
      const moved = { ...a, version: 2, path: 'c', rank: 9 }
      await expect(notes.replace({ ...moved, path: 'b' }, { ifVersion: 1 })).rejects.toThrow(
        DocumentKeyTakenError,
      )
      expect(await notes.replace(moved, { ifVersion: 1 })).toBe(true)
      expect((await notes.range({ key: 'byPath', prefix: ['ann'], limit: 10 })).items).toEqual([b, moved])
    })

    test('a batched change is made whole', async () => {
      const notes = await open()
      const [kept, dropped, added] = [noteOf({}), noteOf({}), noteOf({})]
      await notes.insert([kept, dropped])
      const changed = { ...kept, version: 2, text: 'changed' }
      const result = await notes.change([
        { insert: added },
        { replace: changed, ifVersion: 1 },
        { delete: dropped.id },
        { delete: randomUUID() },
      ])
      expect(result).toEqual({ applied: true })
      expect(await notes.getMany([kept.id, dropped.id, added.id])).toEqual([changed, added])
    })

    test.for([
      ['a taken id', (note: Note) => ({ insert: { ...note, path: 'new' } })],
      ['a taken unique key', (note: Note) => ({ insert: { ...note, id: randomUUID() } })],
      ['a stale version', (note: Note) => ({ replace: { ...note, version: 9 }, ifVersion: 8 })],
    ] as const)('%s undoes the whole batch and is named', async ([, failing]) => {
      const notes = await open()
      const [note, other] = [noteOf({ owner: 'ann' }), noteOf({ owner: 'bob' })]
      await notes.insert([note, other])
      const added = noteOf({ owner: 'eve' })
      const result = await notes.change([
        { insert: added },
        { delete: other.id },
        failing(note),
        { delete: note.id },
      ])
      expect(result).toEqual({ applied: false, failedAt: 2 })
      expect(await notes.getMany([note.id, other.id, added.id])).toEqual([note, other])
    })

    test('of batches that meet from both ends one is made, the others are told', async () => {
      const notes = await open()
      const all = Array.from({ length: 30 }, () => noteOf({}))
      await notes.insert(all)
      const rivals = [all, all.toReversed(), all, all.toReversed()].map((batch, i) =>
        notes.change(batch.map((note) => ({ replace: { ...note, version: 2, rank: i }, ifVersion: 1 }))),
      )
      const results = await Promise.all(rivals)
      const winner = results.findIndex((it) => it.applied)
      expect(results.filter((it) => it.applied)).toHaveLength(1)
      const ranks = (await notes.getMany(all.map((it) => it.id))).map((it) => it.rank)
      expect(new Set(ranks)).toEqual(new Set([winner]))
    })

    test('a batch in which one document is invalid changes nothing', async () => {
      const notes = await open()
      const note = noteOf({})
      await expect(notes.change([{ insert: note }, { insert: noteOf({ path: '' }) }])).rejects.toThrow(
        DocumentInvalidError,
      )
      expect(await notes.get(note.id)).toBeNull()
    })

    test('an expired document is invisible at once, holds its keys until purged, and then is gone', async () => {
      const notes = await open()
      const past = new Date(Date.now() - 1_000).toISOString()
      const future = new Date(Date.now() + 3_600_000).toISOString()
      const expired = noteOf({ owner: 'ann', path: 'a', expiresAt: past })
      const alive = noteOf({ owner: 'ann', path: 'b', expiresAt: future })
      expect(await notes.insert([expired, alive])).toEqual(['inserted', 'inserted'])
      expect(await notes.get(expired.id)).toBeNull()
      expect(await notes.getMany([expired.id, alive.id])).toEqual([alive])
      expect((await notes.range({ key: 'byPath', prefix: ['ann'], limit: 10 })).items).toEqual([alive])
      expect(await notes.replace({ ...expired, version: 2, expiresAt: future }, { ifVersion: 1 })).toBe(false)
      expect(await notes.purgeExpired()).toBe(1)
      expect(await notes.purgeExpired()).toBe(0)
      expect(await notes.insert([{ ...expired, expiresAt: future }])).toEqual(['inserted'])
    })

    test('expiry takes effect while nobody does anything', async () => {
      const notes = await open()
      const note = noteOf({ expiresAt: new Date(Date.now() + 400).toISOString() })
      await notes.insert([note])
      await eventually(async () => expect(await notes.get(note.id)).toBeNull())
    })

    test('a range is what sorting and slicing in memory gives, whatever the pages', async () => {
      const small = fc.constantFrom('', 'a', 'B', 'a/b', 'ä', '~', '0')
      const part = fc.record({
        owner: fc.constantFrom('ann', 'bob'),
        path: small.map((it) => `p${it}`),
        rank: fc.constantFrom(-2.5, 0, 1, 2, 10),
      })
      const unique = { selector: (it: { owner: string; path: string }) => `${it.owner} ${it.path}` }
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(part, { ...unique, minLength: 1, maxLength: 12 }),
          fc.constantFrom<Range>(
            { key: 'byPath', limit: 3 },
            { key: 'byPath', prefix: ['ann'], limit: 2 },
            { key: 'byRank', limit: 1 },
            { key: 'byRank', prefix: [1], limit: 2 },
            { key: 'byRank', after: [0], limit: 2 },
            { key: 'byRank', before: [2], limit: 2 },
            { key: 'byPath', prefix: ['bob'], after: ['p0'], before: ['pa/b'], limit: 1 },
            { key: 'id', limit: 4 },
          ),
          fc.boolean(),
          async (parts, range, descending) => {
            const notes = await open()
            const all = parts.map((it) => noteOf(it))
            await notes.insert(all)
            const asked = descending ? turned(range) : range
            expect(await readAll(notes, asked)).toEqual(inMemory(all, asked))
          },
        ),
        { numRuns: 40 },
      )
    })

    test('a page of large documents ends early and tells where to go on', async () => {
      const notes = await open()
      const large = 'x'.repeat(3 * 1024 * 1024)
      const all = Array.from({ length: 5 }, (_, rank) => noteOf({ rank, text: large }))
      for (const note of all) await notes.insert([note])
      const { items, nextAfter } = await notes.range({ key: 'byRank', limit: 10 })
      expect(items.map((it) => it.rank)).toEqual([0, 1, 2])
      expect(nextAfter).toEqual([2, all[2]?.id])
      expect((await readAll(notes, { key: 'byRank', limit: 10 })).map((it) => it.rank)).toEqual([
        0, 1, 2, 3, 4,
      ])
    })

    test('a range is told what is wrong with it', async () => {
      const notes = await open()
      for (const range of [
        { key: 'unknown', limit: 1 },
        { key: 'byRank', limit: 0 },
        { key: 'byRank', limit: 1_001 },
        { key: 'byRank', limit: 1, prefix: ['1'] },
        { key: 'byRank', limit: 1, after: [1, 'id', 'more'] },
      ]) {
        await expect(notes.range(range)).rejects.toThrow(RangeError)
      }
    })

    test('collections opened at once by several processes are made once, and opened again with their documents', async () => {
      const definition = noteDefinition()
      const opened = await Promise.all(Array.from({ length: 5 }, () => documents.collection(definition)))
      const note = noteOf({})
      expect(await opened[0]?.insert([note])).toEqual(['inserted'])
      expect(await (await documents.collection(definition)).get(note.id)).toEqual(note)
    })

    test('a new key covers the documents that are there', async () => {
      const { keys: _later, ...before } = noteDefinition()
      const notes = await documents.collection<Note>(before)
      const [low, high] = [noteOf({ rank: 1 }), noteOf({ rank: 2 })]
      await notes.insert([high, low])
      const again = await documents.collection<Note>({ ...before, keys: { byRank: { fields: ['rank'] } } })
      expect((await again.range({ key: 'byRank', limit: 10 })).items).toEqual([low, high])
    })

    test('a changed key or expiry is refused, with the way out', async () => {
      const definition = noteDefinition()
      await documents.collection(definition)
      const changedKey: CollectionDefinition<Note> = {
        ...definition,
        keys: { byRank: { fields: ['rank', 'owner'] } },
      }
      await expect(documents.collection(changedKey)).rejects.toThrow('give the new one a new name')
      const { expiresAt: _gone, ...withoutExpiry } = definition
      await expect(documents.collection<Note>(withoutExpiry)).rejects.toThrow(CollectionDefinitionError)
    })
  })
}

function turned({ after, before, ...range }: Range): Range {
  const bounds = { ...(before && { after: before }), ...(after && { before: after }) }
  return { ...range, ...bounds, descending: true }
}

async function readAll(notes: Collection<Note>, range: Range): Promise<Note[]> {
  const items: Note[] = []
  for (let next: Range = range; ; ) {
    const page = await notes.range(next)
    expect(page.items.length).toBeLessThanOrEqual(range.limit)
    items.push(...page.items)
    if (!page.nextAfter) return items
    next = { ...range, after: JSON.parse(JSON.stringify(page.nextAfter)) }
  }
}

const keyFields: Record<string, (keyof Note)[]> = {
  byPath: ['owner', 'path'],
  byRank: ['rank', 'id'],
  id: ['id'],
}

function inMemory(all: Note[], range: Range): Note[] {
  const fields = keyFields[range.key] ?? []
  const prefix = range.prefix ?? []
  const valuesOf = (note: Note) => fields.map((field) => note[field] as KeyValue)
  const direction = range.descending ? -1 : 1
  const rest = (note: Note) => valuesOf(note).slice(prefix.length)
  return all
    .filter((note) => compare(valuesOf(note).slice(0, prefix.length), prefix) === 0)
    .filter((note) => !range.after || direction * compare(rest(note), range.after) > 0)
    .filter((note) => !range.before || direction * compare(rest(note), range.before) < 0)
    .sort((a, b) => direction * compare(valuesOf(a), valuesOf(b)))
}

/** As far as the shorter one goes; text by its UTF-8 bytes. */
function compare(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x = 0, y = 0] = [a[i], b[i]]
    const order =
      typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(String(y))) : x - Number(y)
    if (order !== 0) return order
  }
  return 0
}
