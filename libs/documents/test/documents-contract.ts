import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CollectionDefinition, CollectionDefinitionError, type Documents } from '../src/index.ts'
import { changeContract } from './change-contract.ts'
import { insertContract } from './insert-contract.ts'
import { type Note, noteDefinition, noteOf } from './note.ts'
import { rangeContract } from './range-contract.ts'

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
    insertContract(open)
    changeContract(open)
    rangeContract(open)

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
