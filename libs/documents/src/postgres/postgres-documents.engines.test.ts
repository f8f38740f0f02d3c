import { type Engine, engines, eventually, postgresVersions, testDatabase } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentsContract } from '../../test/documents-contract.ts'
import { migrationContract } from '../../test/migration-contract.ts'
import { noteDefinition, noteOf } from '../../test/note.ts'
import { migrations, openDocuments } from '../index.ts'

describe.each(postgresVersions)('on PostgreSQL %s,', (version) => {
  let server: Engine
  beforeAll(async () => {
    server = await engines.start('postgres', { version })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const start = async () => {
    const database = await testDatabase({ migrations: [migrations], serverUrl: server.url })
    return { db: database.db, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  }
  documentsContract('postgres:', async () => {
    const { db, ...database } = await start()
    return { documents: await openDocuments('postgres:', { db }), ...database }
  })
  migrationContract('postgres:', async () => {
    const { db, ...database } = await start()
    return { open: (collections) => openDocuments('postgres:', { db, collections }), ...database }
  })
})

let server: Engine
beforeAll(async () => {
  server = await engines.start('postgres')
})
afterAll(() => server[Symbol.asyncDispose]())

test('what was acknowledged is there after a kill, and nothing in halves', async () => {
  await using database = await testDatabase({ migrations: [migrations], serverUrl: server.url })
  const documents = await openDocuments('postgres:', { db: database.db })
  const notes = await documents.collection(noteDefinition())
  const batches = Array.from({ length: 200 }, (_, batch) =>
    Array.from({ length: 5 }, () => noteOf({ owner: `batch-${batch}` })),
  )
  const inserting = Promise.allSettled(batches.map((batch) => notes.insert(batch)))
  await eventually(async () => expect(await countThere(notes, batches.flat())).toBeGreaterThan(0))
  await server.restart()
  const answers = await inserting
  await eventually(() => notes.get(''))

  const there = await Promise.all(batches.map((batch) => countThere(notes, batch)))
  expect(there.filter((count) => count !== 0 && count !== 5)).toEqual([])
  const lost = answers.filter((answer, i) => answer.status === 'fulfilled' && there[i] !== 5)
  expect(lost).toEqual([])
})

async function countThere(
  notes: { get(id: string): Promise<unknown> },
  batch: { id: string }[],
): Promise<number> {
  const found = await Promise.all(batch.map(({ id }) => notes.get(id)))
  return found.filter((note) => note !== null).length
}
