import type pg from 'pg'
import type { Tx } from './database.ts'
import type { Query } from './sql.ts'

export type Execute = (query: Query) => Promise<pg.QueryResult>

/** The three ways to read a result, over anything that can execute a query. */
export function statements(execute: Execute): Tx {
  return {
    query: async (query) => (await execute(query)).rows,
    one: async (query) => {
      const { rows } = await execute(query)
      if (rows.length > 1) throw new Error(`one row expected, ${rows.length} found: ${query.text.trim()}`)
      return rows[0] ?? null
    },
    run: async (query) => (await execute(query)).rowCount ?? 0,
  }
}

/** Sends a query over one connection. */
export const executeOn =
  (client: pg.ClientBase): Execute =>
  async (query) => {
    try {
      return await answer(client, query)
    } catch (error) {
      // The driver's own trace leads to a socket; this one leads to who asked.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw error
    }
  }

// By callback: the promises of the driver keep rows from being collected while they are young, which costs a list a
// third of its time.
const answer = (client: pg.ClientBase, { text, values, name }: Query) =>
  new Promise<pg.QueryResult>((resolve, reject) => {
    const config = name === undefined ? { text, values } : { text, values, name }
    client.query(config, (error, result) => (error ? reject(error) : resolve(result)))
  })
