import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDirectory } from '@sandkeep/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnyDefinition, CollectionDefinition, CollectionSource, Documents } from '../src/index.ts'
import { type Note, noteDefinition, noteOf } from './note.ts'

export interface Store extends AsyncDisposable {
  /** A process of its own on the store. */
  open(collections: CollectionSource): Promise<Documents>
}

/** What every adapter must do with collections that migrations make. */
export function migrationContract(name: string, start: () => Promise<Store>): void {
  describe(`${name} migrations of documents`, () => {
    let stack = new AsyncDisposableStack()
    let store: Store
    let directory: string
    beforeEach(async () => {
      stack = new AsyncDisposableStack()
      store = stack.use(await start())
      directory = await tempDirectory(stack)
    })
    afterEach(() => stack.disposeAsync())

    const write = (time: number, definition: AnyDefinition | CollectionDefinition<Note>) =>
      writeFile(join(directory, `2026112512000${time}_notes.json`), JSON.stringify(definition))
    const open = async (...definitions: CollectionDefinition<Note>[]) =>
      stack.use(await store.open({ directory, definitions }))

    test('make a collection once, whichever of several processes comes first', async () => {
      const definition = noteDefinition()
      await write(1, definition)
      const opened = await Promise.all([open(definition), open(definition), open(definition)])
      const note = noteOf({})
      const collections = await Promise.all(opened.map((it) => it.collection(definition)))
      expect(await collections[0]?.insert([note])).toEqual(['inserted'])
      expect(await collections[2]?.get(note.id)).toEqual(note)
    })

    test('add keys to what is there, and drop those that are declared no more', async () => {
      const { keys, ...without } = noteDefinition()
      const before: CollectionDefinition<Note> = {
        ...without,
        keys: { byPath: { fields: ['owner', 'path'], unique: true } },
      }
      const after: CollectionDefinition<Note> = { ...without, keys: { byRank: { fields: ['rank'] } } }
      await write(1, before)
      const old = await (await open(before)).collection(before)
      const first = noteOf({ owner: 'ann', path: 'a', rank: 2 })
      await old.insert([first])
      const twin = { ...first, id: randomUUID(), rank: 1 }
      expect(await old.insert([twin])).toEqual(['conflict'])

      await write(2, after)
      const notes = await (await open(after)).collection(after)
      expect(await notes.insert([twin])).toEqual(['inserted'])
      expect((await notes.range({ key: 'byRank', limit: 10 })).items).toEqual([twin, first])

      const again: CollectionDefinition<Note> = { ...without, keys: { byOwner: { fields: ['owner'] } } }
      await write(3, again)
      const owned = await (await open(again)).collection(again)
      expect((await owned.range({ key: 'byOwner', prefix: ['ann'], limit: 10 })).items).toHaveLength(2)
    })

    test('a new field can be written once its migration is applied', async () => {
      const definition = noteDefinition()
      await write(1, definition)
      await open(definition)
      const { properties, ...schema } = definition.schema as { properties: object }
      const wider = {
        ...definition,
        schema: { ...schema, properties: { ...properties, mood: { type: 'string' } } },
      }
      await write(2, wider)
      const notes = await (await open(wider)).collection(wider)
      const note = { ...noteOf({}), mood: 'good' }
      expect(await notes.insert([note])).toEqual(['inserted'])
      expect(await notes.get(note.id)).toEqual(note)
    })

    test('one that was edited after it was applied is refused by name', async () => {
      const definition = noteDefinition()
      await write(1, definition)
      await open(definition)
      await write(1, { ...definition, keys: {} })
      await expect(open(definition)).rejects.toThrow('20261125120001_notes of documents was edited')
    })

    test('a definition that is not what they make cannot be opened', async () => {
      const definition = noteDefinition()
      await write(1, definition)
      const documents = await open(definition)
      const changed = { ...definition, keys: { byRank: { fields: ['rank' as const] } } }
      await expect(documents.collection(changed)).rejects.toThrow('write another one')
      await expect(documents.collection(noteDefinition())).rejects.toThrow('write another one')
    })

    test('one that fails leaves the store to be mended by the next', async () => {
      const definition = noteDefinition()
      const { keys: _none, ...free } = definition
      await write(1, free)
      const notes = await (await open(free)).collection<Note>(free)
      const [one, other] = [noteOf({ owner: 'ann', path: 'a' }), noteOf({ owner: 'ann', path: 'a' })]
      await notes.insert([one, other])
      await write(2, definition)
      await expect(open(definition)).rejects.toThrow()
      await notes.delete([other.id])
      const mended = await (await open(definition)).collection(definition)
      expect((await mended.range({ key: 'byPath', limit: 10 })).items).toEqual([one])
    })
  })
}
