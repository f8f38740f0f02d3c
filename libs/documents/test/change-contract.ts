import { randomUUID } from 'node:crypto'
import { eventually } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { DocumentInvalidError, DocumentKeyTakenError } from '../src/index.ts'
import { type Note, noteOf, type OpenNotes } from './note.ts'

/** Replacing documents under a version, and their end. */
export function changeContract(open: OpenNotes): void {
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
}
