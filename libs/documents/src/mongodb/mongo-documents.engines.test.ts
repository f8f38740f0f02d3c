import { engines, testDatabase } from '@sandkeep/testkit'
import { documentsContract } from '../../test/documents-contract.ts'
import { migrations, openDocuments } from '../index.ts'

documentsContract('MongoDB wire protocol (SecantusDB):', async () => {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('mongodb'))
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  const documents = stack.use(await openDocuments(`${engine.url}&timeoutMS=30000`, { db }))
  return { documents, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})
