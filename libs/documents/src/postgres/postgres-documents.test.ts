import { testDatabase } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { documentsContract } from '../../test/documents-contract.ts'
import { migrationContract } from '../../test/migration-contract.ts'
import { migrations, openDocuments } from '../index.ts'

documentsContract('postgres:', async () => {
  const database = await testDatabase({ migrations: [migrations] })
  return {
    documents: await openDocuments('postgres:', { db: database.db }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
})

migrationContract('postgres:', async () => {
  const database = await testDatabase({ migrations: [migrations] })
  return {
    open: (collections) => openDocuments('postgres:', { db: database.db, collections }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
})

test('a URL of an unknown kind is refused by name', async () => {
  await using database = await testDatabase({ migrations: [] })
  await expect(openDocuments('couchdb://host', { db: database.db })).rejects.toThrow(
    'starts with postgres: or mongodb:, not with "couchdb:"',
  )
})
