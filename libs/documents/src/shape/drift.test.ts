import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { noteDefinition } from '../../test/note.ts'
import { findDrift } from './drift.ts'

test('what is declared is held against the newest migration of each collection', async () => {
  await using stack = new AsyncDisposableStack()
  const directory = await tempDirectory(stack)
  const [notes, letters] = [noteDefinition(), noteDefinition()]
  const write = (name: string, definition: object) =>
    writeFile(join(directory, name), JSON.stringify(definition))
  await write('20261125120000_notes.json', { ...notes, keys: {} })
  expect(await findDrift({ directory, definitions: [notes, letters] })).toEqual([notes, letters])
  await write('20261125120001_notes.json', notes)
  await write('20261125120002_letters.json', letters)
  expect(await findDrift({ directory, definitions: [notes, letters] })).toEqual([])
})

test('a file whose place in the order cannot be told is refused', async () => {
  await using stack = new AsyncDisposableStack()
  const directory = await tempDirectory(stack)
  await writeFile(join(directory, 'notes.json'), '{}')
  await expect(findDrift({ directory, definitions: [] })).rejects.toThrow('must be named like')
})
