import { type Collection, MongoClient, ObjectId } from 'mongodb'
import { type Note, noteOf } from './note.ts'
import { inTurn, keys, type OpenWork } from './work.ts'

interface Row extends Omit<Note, 'id'> {
  _id: string
  _size: number
  _write: ObjectId
}

const maxTimeMS = 4_500

const bareWork =
  (operation: (collection: Collection<Row>) => () => Promise<void>): OpenWork =>
  async ({ url, databaseUrl }) => {
    const client = new MongoClient(url, {
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: maxTimeMS },
      readConcern: { level: 'majority' },
      socketTimeoutMS: maxTimeMS,
    })
    const collection = client.db(databaseOf(url, databaseUrl)).collection<Row>('notes')
    return { once: operation(collection), [Symbol.asyncDispose]: () => client.close() }
  }

/** That of the URL, or that of the service's own. */
const databaseOf = (url: string, databaseUrl: string) =>
  new URL(url).pathname.slice(1) || new URL(databaseUrl).pathname.slice(1)

export const bareInsert = bareWork((collection) => async () => {
  const { id, ...members } = noteOf()
  const row = { _id: id, ...members, _size: 600, _write: new ObjectId() }
  await collection.insertMany([row], { ordered: false, maxTimeMS })
})

export const bareGet = bareWork((collection) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    if (!(await collection.findOne({ _id: nextKey() }, { maxTimeMS }))) throw new Error('a row is missing')
  }
})
