import { isUnavailable, openPostgres, sql } from '@sandkeep/postgres'
import { engines, eventually, openTcpProxy, testDatabase } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { faultsContract } from '../../test/faults-contract.ts'
import { migrations, openDocuments } from '../index.ts'

faultsContract('postgres:', async () => {
  const stack = new AsyncDisposableStack()
  const engine = stack.use(await engines.start('postgres'))
  const { db, url } = stack.use(await testDatabase({ migrations: [migrations], serverUrl: engine.url }))
  const documents = await openDocuments('postgres:', { db })
  const network = stack.use(await openTcpProxy(url))
  const far = stack.use(await openPostgres({ url: network.url, applicationName: 'far', max: 10 }))
  const remote = { network, documents: await openDocuments('postgres:', { db: far }) }
  return { engine, documents, patient: documents, remote, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})

test('a database that does not answer keeps no connection of the pool', async () => {
  await using engine = await engines.start('postgres')
  await using database = await testDatabase({ migrations: [], serverUrl: engine.url })
  const { db } = database
  await db.run(sql`select 1`)
  await engine.pause()
  const calls = [
    db.run(sql`select 1`),
    db.transaction((tx) => tx.run(sql`select 1`)),
    db.transaction((tx) => tx.run(sql`select 1`), { patient: true }),
  ]
  const answers = await Promise.allSettled(calls)
  const kept = db.stats().total
  await engine.resume()
  for (const answer of answers) {
    expect(answer.status === 'rejected' && isUnavailable(answer.reason)).toBe(true)
  }
  expect(kept).toBe(0)
  await eventually(() => db.run(sql`select 1`))
})
