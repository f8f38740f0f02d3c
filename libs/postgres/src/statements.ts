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

export const executeOn =
  (client: pg.ClientBase): Execute =>
  ({ text, values, name }) =>
    client.query(name === undefined ? { text, values } : { text, values, name })
