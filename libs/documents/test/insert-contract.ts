import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { DocumentInvalidError } from '../src/index.ts'
import { type Note, noteOf, type OpenNotes } from './note.ts'

/** Inserting, reading and deleting whole documents. */
export function insertContract(open: OpenNotes): void {
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

  test('numbers keep every digit, and names that mean something to an engine are names', async () => {
    const notes = await open()
    const safest = Number.MAX_SAFE_INTEGER
    const names = ['$set', 'a.b', '_id', '_size', '_bsontype', '~', '~$', '', '0', '__proto__', 'constructor']
    const extra: object = JSON.parse(
      JSON.stringify({
        numbers: [safest, -safest, 2 ** 31, 2 ** 32, 1e300, 5e-324, 0.1 + 0.2, 123456.789],
        reference: { $ref: 'notes', $id: 1, $db: 'x' },
        text: '$rank',
      }).replace('{', `{${names.map((name) => `${JSON.stringify(name)}: 1`).join()},`),
    )
    const note = noteOf({ rank: safest, extra })
    await notes.insert([note])
    expect(await notes.get(note.id)).toEqual(note)
    expect(Object.keys((await notes.get(note.id))?.extra ?? {})).toEqual(expect.arrayContaining(names))
    const replaced = { ...note, version: 2, rank: -0.1, extra: { $inc: { rank: 1 } } }
    expect(await notes.replace(replaced, { ifVersion: 1 })).toBe(true)
    expect(await notes.get(note.id)).toEqual(replaced)
  })

  test('what is no JSON comes back as JSON has it', async () => {
    const notes = await open()
    const note = noteOf({ extra: { at: new Date(0), gone: undefined, nan: Number.NaN, zero: -0 } })
    await notes.insert([note])
    const expected = { at: '1970-01-01T00:00:00.000Z', nan: null, zero: 0 }
    expect((await notes.get(note.id))?.extra).toStrictEqual(expected)
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
    expect((await notes.range({ key: 'byPath', prefix: ['ann', 'race'], limit: 10 })).items).toEqual([winner])
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
    expect(error instanceof DocumentInvalidError && error.errors.map((it) => [it.pointer, it.code])).toEqual(
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
    ['more than 16 MB in an engine that writes numbers at length', { extra: Array(1_300_000).fill(1) }, ''],
    ['more than 64 levels', { extra: nested(64) }, ''],
    ['an empty id', { id: '' }, '/id'],
    ['a bad date', { expiresAt: '2026-02-31T00:00:00Z' }, '/expiresAt'],
  ])('%s is refused in every engine', async ([, part, pointer]) => {
    const notes = await open()
    const error = await notes.insert([noteOf(part)]).catch((it: unknown) => it)
    expect(error instanceof DocumentInvalidError && error.errors[0]?.pointer).toBe(pointer)
  })

  test('a document of 64 levels is taken', async () => {
    const notes = await open()
    const note = noteOf({ extra: nested(63) })
    expect(await notes.insert([note])).toEqual(['inserted'])
    expect(await notes.get(note.id)).toEqual(note)
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
}

const nested = (levels: number): object => (levels === 1 ? {} : { it: nested(levels - 1) })
