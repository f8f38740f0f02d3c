import { engines, openTcpProxy, testDatabase } from '@sandkeep/testkit'
import { faultsContract } from '../../test/faults-contract.ts'
import { migrations, openDocuments } from '../index.ts'

faultsContract('MongoDB wire protocol (SecantusDB):', async () => {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('mongodb'))
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  const documents = stack.use(await openDocuments(engine.url, { db }))
  const patient = stack.use(await openDocuments(`${engine.url}&timeoutMS=20000`, { db }))
  const network = stack.use(await openTcpProxy(engine.url))
  const remote = stack.use(await openDocuments(`${network.url}&directConnection=true`, { db }))
  return {
    engine,
    documents,
    patient,
    remote: { documents: remote, network },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
})
