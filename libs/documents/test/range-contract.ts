import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Collection, KeyValue, Range } from '../src/index.ts'
import { type Note, noteOf, type OpenNotes } from './note.ts'

/** Reading documents in the order of a key, page by page. */
export function rangeContract(open: OpenNotes): void {
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

  test('the documents that hold a value in a list are read in the order of their ids, page by page', async () => {
    const notes = await open()
    const tags = [['otp', 'a "b"'], [], ['otp', 'otp', 'x,y'], ['OTP'], ['x,y', 'otp']]
    const all = tags.map((it) => noteOf({ tags: it })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    await notes.insert(all)
    for (const tag of ['otp', 'a "b"', 'x,y', 'none']) {
      const holding = all.filter((note) => note.tags.includes(tag))
      expect(await readAll(notes, { key: 'byTag', prefix: [tag], limit: 2 })).toEqual(holding)
      const descending = { key: 'byTag', prefix: [tag], limit: 1, descending: true }
      expect(await readAll(notes, descending)).toEqual(holding.toReversed())
    }
    const [first] = all
    if (first) await notes.replace({ ...first, version: 2, tags: ['none'] }, { ifVersion: 1 })
    expect(await readAll(notes, { key: 'byTag', prefix: ['none'], limit: 1 })).toHaveLength(1)
  })

  test('a page of large documents ends early and tells where to go on', async () => {
    const notes = await open()
    const large = 'x'.repeat(3 * 1024 * 1024)
    const all = Array.from({ length: 5 }, (_, rank) => noteOf({ rank, text: large }))
    for (const note of all) await notes.insert([note])
    const { items, nextAfter } = await notes.range({ key: 'byRank', limit: 10 })
    expect(items.map((it) => it.rank)).toEqual([0, 1, 2])
    expect(nextAfter).toEqual([2, all[2]?.id])
    expect((await readAll(notes, { key: 'byRank', limit: 10 })).map((it) => it.rank)).toEqual([0, 1, 2, 3, 4])
  })

  test('a range is told what is wrong with it', async () => {
    const notes = await open()
    for (const range of [
      { key: 'unknown', limit: 1 },
      { key: 'byRank', limit: 0 },
      { key: 'byRank', limit: 1_001 },
      { key: 'byTag', limit: 1 },
      { key: 'byRank', limit: 1, prefix: ['1'] },
      { key: 'byRank', limit: 1, after: [1, 'id', 'more'] },
    ]) {
      await expect(notes.range(range)).rejects.toThrow(RangeError)
    }
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
