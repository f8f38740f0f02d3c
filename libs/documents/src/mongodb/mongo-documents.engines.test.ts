import { randomUUID } from 'node:crypto'
import { type Engine, engines, testDatabase } from '@sandkeep/testkit'
import { Long, MongoClient, ObjectId } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentsContract } from '../../test/documents-contract.ts'
import { migrationContract } from '../../test/migration-contract.ts'
import { noteDefinition, noteOf } from '../../test/note.ts'
import {
  type CollectionSource,
  DocumentInvalidError,
  type Documents,
  migrations,
  openDocuments,
} from '../index.ts'
import { insertRows, openRows } from './rows.ts'
import { toStored } from './stored.ts'

const isGiven = process.env['SANDKEEP_TEST_MONGODB_URL'] !== undefined
const engineName = isGiven ? 'MongoDB as given:' : 'MongoDB wire protocol (SecantusDB):'

let engine: Engine
beforeAll(async () => {
  engine = await engines.start('mongodb')
})
afterAll(() => engine[Symbol.asyncDispose]())

/** The engine's URL, perhaps of several hosts, with time enough for a busy machine. */
function urlOf(database = ''): string {
  const [base = '', options = ''] = engine.url.split('?')
  const hosts = base.replace(/(?<=\/\/[^/]*)\/.*/, '')
  return `${hosts}/${database}?${[options, 'timeoutMS=30000'].filter(Boolean).join('&')}`
}

async function store() {
  const stack = new AsyncDisposableStack()
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  return {
    open: (collections?: CollectionSource) =>
      openDocuments(urlOf(), { db, ...(collections && { collections }) }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

documentsContract(engineName, async () => {
  const stack = new AsyncDisposableStack()
  const documents = stack.use(await stack.use(await store()).open())
  return { documents, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})

migrationContract(engineName, store)

/** Documents in a database of their own, and that database as any other program sees it. */
async function beside() {
  const stack = new AsyncDisposableStack()
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  const name = `beside_${randomUUID().slice(0, 8)}`
  const documents: Documents = stack.use(await openDocuments(urlOf(name), { db }))
  const client = stack.use(new MongoClient(engine.url))
  return { documents, client, name, raw: client.db(name), [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('the server holds every other program to the schema as well', async () => {
  await using it = await beside()
  const definition = noteDefinition()
  const notes = await it.documents.collection(definition)
  const note = noteOf({})
  await notes.insert([note])
  const collection = it.raw.collection<{ _id: string }>(definition.name)
  const [row] = await collection.find({ _id: note.id }).toArray()
  const bad = [{ rank: 'high' }, { path: '' }, { version: 1.5 }, { surprise: 1 }, { text: null }]
  for (const part of bad) {
    const write = collection.insertOne({ ...row, path: 'other', ...part, _id: randomUUID() })
    await expect(write, JSON.stringify(part)).rejects.toThrow('failed validation')
  }
  await collection.insertOne({ ...row, _id: randomUUID(), ...{ path: 'good' } })
  expect((await notes.range({ key: 'byPath', limit: 10 })).items).toHaveLength(2)
})

test("a document that a newer release's rules refuse is told as invalid", async () => {
  await using it = await beside()
  const definition = noteDefinition()
  const notes = await it.documents.collection(definition)
  const note = noteOf({})
  await notes.insert([note])
  const validator = { $jsonSchema: { properties: { rank: { maximum: 5 } } } }
  await it.raw.command({ collMod: definition.name, validator })
  const replaced = { ...note, version: 2, rank: 6 }
  for (const write of [
    () => notes.insert([noteOf({ rank: 6 })]),
    () => notes.replace(replaced, { ifVersion: 1 }),
    () => notes.change([{ replace: replaced, ifVersion: 1 }]),
  ]) {
    await expect(write()).rejects.toThrow(DocumentInvalidError)
  }
  expect(await notes.get(note.id)).toEqual(note)
})

test("the path of the URL is the database; without one it has the name of the service's own", async () => {
  await using it = await beside()
  const definition = noteDefinition()
  await it.documents.collection(definition)
  expect(await it.raw.listCollections({ name: definition.name }).toArray()).toHaveLength(1)

  await using database = await testDatabase({ migrations: [migrations] })
  await using documents = await openDocuments(urlOf(), { db: database.db })
  await documents.collection(definition)
  const own = it.client.db(new URL(database.url).pathname.slice(1))
  expect(await own.listCollections({ name: definition.name }).toArray()).toHaveLength(1)
})

test('expired documents are given to the server to remove', async () => {
  await using it = await beside()
  const definition = noteDefinition()
  await it.documents.collection(definition)
  expect(await it.raw.collection(definition.name).indexes()).toContainEqual(
    expect.objectContaining({ key: { _expiresAt: 1 }, expireAfterSeconds: 0 }),
  )
})

test('a number that another program wrote and JavaScript has not is told, not rounded', async () => {
  await using it = await beside()
  const definition = noteDefinition()
  const notes = await it.documents.collection(definition)
  const [fits, large] = [noteOf({}), noteOf({})]
  await notes.insert([fits, large])
  const collection = it.raw.collection<{ _id: string; rank: Long }>(definition.name)
  await collection.updateOne({ _id: fits.id }, { $set: { rank: Long.fromNumber(2 ** 40) } })
  await collection.updateOne({ _id: large.id }, { $set: { rank: Long.MAX_VALUE } })
  expect((await notes.get(fits.id))?.rank).toBe(2 ** 40)
  await expect(notes.get(large.id)).rejects.toThrow('"rank" of document')
})

test('a write that the driver repeats is not its own rival, and another one is', async () => {
  await using it = await beside()
  const definition = noteDefinition()
  await it.documents.collection(definition)
  const rows = openRows(it.client, it.name, definition.name, 30_000)
  const write = new ObjectId()
  const storable = { document: noteOf({}), hasOddNames: false, sizeBytes: 1 }
  const row = toStored(storable, { write, expiresAt: undefined })
  expect(await insertRows(rows, [row], write)).toEqual(new Set())
  expect(await insertRows(rows, [row], write)).toEqual(new Set())
  const rival = new ObjectId()
  expect(await insertRows(rows, [{ ...row, _write: rival }], rival)).toEqual(new Set([row._id]))
})
