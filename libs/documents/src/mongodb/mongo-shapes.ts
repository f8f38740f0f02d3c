import { type Db, MongoServerError } from 'mongodb'
import type { Key } from '../definition.ts'
import { CollectionDefinitionError } from '../errors.ts'
import type { AppliedMigration, Shape, ShapePlan, Shapes } from '../shape/shape.ts'
import { toServerSchema } from './json-schema.ts'
import { fieldOf } from './range-filter.ts'

const namespaceExists = 48
const indexNotFound = 27

/** What was made is remembered beside it, in collections whose names no definition can have. */
export function mongoShapes(db: Db): Shapes {
  const collections = db.collection<Shape & { _id: string }>('_collections')
  const migrations = db.collection<{ _id: string; checksum: string; appliedAt: Date }>('_migrations')
  return {
    async recall(collection) {
      const known = await collections.findOne({ _id: collection })
      return known && { keys: known.keys, expiresAt: known.expiresAt, schemaHash: known.schemaHash }
    },
    async make(plan) {
      await makeCollection(db, plan)
      const { layout, addKeys, dropKeys, shape } = plan
      const collection = db.collection(layout.name)
      for (const key of addKeys) {
        await collection.createIndex(indexKeys(key), { name: key.name, unique: key.unique })
      }
      for (const name of dropKeys) await unless(indexNotFound, () => collection.dropIndex(name))
      await collections.replaceOne({ _id: layout.name }, shape, { upsert: true })
    },
    async migrations(): Promise<AppliedMigration[]> {
      const applied = await migrations.find().toArray()
      return applied.map(({ _id, checksum }) => ({ name: _id, checksum }))
    },
    async recordMigration({ name, checksum }) {
      await migrations.insertOne({ _id: name, checksum, appliedAt: new Date() })
    },
  }
}

async function makeCollection(db: Db, { layout, schema }: ShapePlan): Promise<void> {
  const validation = {
    validator: { $jsonSchema: toServerSchema(schema) },
    validationLevel: 'strict',
    validationAction: 'error',
  }
  if (await unless(namespaceExists, () => db.createCollection(layout.name, validation))) {
    await checkCollation(db, layout.name)
    await db.command({ collMod: layout.name, ...validation })
  }
  if (layout.expiresAt === undefined) return
  await db.collection(layout.name).createIndex({ _expiresAt: 1 }, { name: '_expiry', expireAfterSeconds: 0 })
}

/** Whether the server refused the work with this code, since it was done before. */
async function unless(code: number, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    if (error instanceof MongoServerError && error.code === code) return true
    throw error
  }
}

/** Text is ordered by its bytes, as in every engine. */
async function checkCollation(db: Db, name: string): Promise<void> {
  const [found] = await db.listCollections({ name }, { nameOnly: false }).toArray()
  if (found && 'options' in found && found.options?.collation !== undefined) {
    throw new CollectionDefinitionError(name, 'it exists with a collation: text must be ordered by its bytes')
  }
}

function indexKeys(key: Key): Record<string, 1> {
  const fields = key.unique ? key.fields : [...key.fields, 'id']
  return Object.fromEntries(fields.map((field) => [fieldOf(field), 1]))
}
