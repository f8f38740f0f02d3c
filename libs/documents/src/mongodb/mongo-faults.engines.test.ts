import { engines, testDatabase } from '@sandkeep/testkit'
import { faultsContract } from '../../test/faults-contract.ts'
import { migrations, openDocuments } from '../index.ts'

faultsContract('MongoDB wire protocol (SecantusDB):', async () => {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('mongodb'))
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  const documents = stack.use(await openDocuments(engine.url, { db }))
  const patient = stack.use(await openDocuments(`${engine.url}&timeoutMS=20000`, { db }))
  return { engine, documents, patient, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})
