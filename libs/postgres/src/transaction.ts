import type pg from 'pg'
import type { Tx } from './database.ts'
import { onConnection } from './pool.ts'
import { executeOn, statements } from './statements.ts'

/** Runs `work` between `begin` and `commit`; its `Tx` refuses statements once the transaction is over. */
export function transaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client, discard) => {
    const scope = openScope(client)
    try {
      await client.query('begin isolation level read committed')
      const result = await work(scope.tx)
      scope.close()
      await commit(client)
      return result
    } catch (error) {
      scope.close()
      await client.query('rollback').catch(discard)
      throw error
    }
  })
}

function openScope(client: pg.ClientBase) {
  let open = true
  const execute = executeOn(client)
  const tx = statements(async (query) => {
    if (!open) throw new Error('the transaction is over: await every statement inside it')
    return execute(query)
  })
  return {
    tx,
    close() {
      open = false
    },
  }
}

/** PostgreSQL answers the commit of a failed transaction with a rollback, not with an error. */
async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await client.query('commit')
  if (command !== 'COMMIT')
    throw new Error('a statement of the transaction had failed: nothing was committed')
}
