import { type Collection, openDocuments } from '@sandkeep/documents'
import { openPostgres } from '@sandkeep/postgres'
import { type Note, noteOf, notes } from './note.ts'
import { inTurn, keys, type OpenWork, type Place } from './work.ts'

type Operation = (collection: Collection<Note>) => () => Promise<void>

const documentsWork =
  (operation: Operation): OpenWork =>
  async (place) => {
    await using stack = new AsyncDisposableStack()
    const db = stack.use(await openPostgres({ url: place.databaseUrl, applicationName: 'bench' }))
    const documents = stack.use(await openDocuments(documentsUrl(place), { db }))
    const once = operation(await seeded(documents.collection(notes)))
    const opened = stack.move()
    return { once, [Symbol.asyncDispose]: () => opened.disposeAsync() }
  }

const documentsUrl = ({ url }: Place) => (url.startsWith('postgres') ? 'postgres:' : url)

async function seeded(opening: Promise<Collection<Note>>): Promise<Collection<Note>> {
  const collection = await opening
  await collection.insert(keys.map((key) => noteOf(key)))
  return collection
}

/** Of either engine: the port is the same. */
export const insertDocument = documentsWork((collection) => async () => {
  const [result] = await collection.insert([noteOf()])
  if (result !== 'inserted') throw new Error('a new document was refused')
})

export const getDocument = documentsWork((collection) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    if (!(await collection.get(nextKey()))) throw new Error('a document is missing')
  }
})
