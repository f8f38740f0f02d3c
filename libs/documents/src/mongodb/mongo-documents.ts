import type { MongoClient } from 'mongodb'
import type { Adapter } from '../adapter.ts'
import { DocumentsUnavailableError } from '../errors.ts'
import { reachable } from '../reachable.ts'
import { createClient, parseAddress } from './client.ts'
import { MongoCollection } from './mongo-collection.ts'
import { mongoShapes } from './mongo-shapes.ts'
import { isOutOfReach } from './out-of-reach.ts'
import { openRows } from './rows.ts'

/** An index of many documents takes its time. */
const shapingTimeoutMs = 24 * 3_600_000

/** Documents in a database of MongoDB: that of the URL, or the given one. */
export function mongoDocuments(url: string, defaultDatabase: string): Adapter {
  const address = parseAddress(url)
  const { timeoutMs, database = defaultDatabase } = address
  const client = createClient(address)
  return {
    async withShapes(_tx, work) {
      await using patient = createClient(address, { socketTimeoutMS: shapingTimeoutMs })
      try {
        await checkReplicated(patient)
        return await work(mongoShapes(patient.db(database)))
      } catch (error) {
        throw isOutOfReach(error) ? new DocumentsUnavailableError(error) : error
      }
    },
    open(layout, validate) {
      const rows = openRows(client, database, layout.name, timeoutMs)
      return reachable(new MongoCollection(rows, layout, validate), { timeoutMs, isOutOfReach })
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** A server by itself has no transactions and repeats no writes. */
async function checkReplicated(client: MongoClient): Promise<void> {
  const hello = await client.db('admin').command({ hello: 1 })
  if ('setName' in hello || hello['msg'] === 'isdbgrid') return
  throw new Error('the MongoDB of documents is no replica set: start it with --replSet (one member will do)')
}
