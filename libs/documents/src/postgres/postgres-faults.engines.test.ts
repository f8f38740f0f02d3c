import { engines, testDatabase } from '@sandkeep/testkit'
import { faultsContract } from '../../test/faults-contract.ts'
import { migrations, openDocuments } from '../index.ts'

faultsContract('postgres:', async () => {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('postgres'))
  const { db } = stack.use(await testDatabase({ migrations: [migrations], serverUrl: engine.url }))
  const documents = await openDocuments('postgres:', { db })
  return { engine, documents, patient: documents, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})
