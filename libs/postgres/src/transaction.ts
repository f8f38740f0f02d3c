import pg from 'pg'
import type { TransactionOptions, Tx } from './database.ts'
import { isConnectionLost } from './errors.ts'
import { onConnection } from './pool.ts'
import { executeOn, statements } from './statements.ts'

/** Longest that a timer runs. */
const foreverMs = 2 ** 31 - 1

/** Runs `work` between `begin` and `commit`; its `Tx` refuses statements once the transaction is over. */
export function transaction<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  { patient = false }: TransactionOptions = {},
): Promise<T> {
  return onConnection(pool, async (client, discard) => {
    const scope = openScope(client, patient ? foreverMs : undefined)
    try {
      await client.query('begin isolation level read committed')
      if (patient) await client.query(withoutTimeouts)
      const result = await work(scope.tx)
      scope.close()
      await commit(client)
      return result
    } catch (error) {
      scope.close()
      // On a connection that did not answer a rollback would not be answered either.
      if (scope.isDead() || isConnectionLost(error)) discard()
      else await client.query('rollback').catch(discard)
      throw error
    }
  })
}

const withoutTimeouts = 'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0'

function openScope(client: pg.ClientBase, answerTimeoutMs: number | undefined) {
  let open = true
  let dead = false
  const execute = executeOn(client, answerTimeoutMs)
  const tx = statements(async (query) => {
    if (!open) throw new Error('the transaction is over: await every statement inside it')
    try {
      return await execute(query)
    } catch (error) {
      dead ||= !(error instanceof pg.DatabaseError)
      throw error
    }
  })
  return {
    tx,
    isDead: () => dead,
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
