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

/** Sends each query over one connection. An answer is waited for as long as the connection says, or as given. */
export const executeOn =
  (client: pg.ClientBase, answerTimeoutMs?: number): Execute =>
  (query) =>
    retraced(
      new Promise((resolve, reject) => {
        const done = (error: Error | null, result: pg.QueryResult) =>
          error === null ? resolve(result) : reject(error)
        send(client, query, done, answerTimeoutMs)
      }),
    )

/**
 * Sends a query and calls back. Not by promise: those of the driver keep rows from being collected while they are
 * young, which costs a list a third of its time.
 */
export function send(
  client: pg.ClientBase,
  { text, values, name }: Query,
  done: (error: Error | null, result: pg.QueryResult) => void,
  answerTimeoutMs?: number,
): void {
  const config = {
    text,
    values,
    ...(name !== undefined && { name }),
    ...(answerTimeoutMs !== undefined && { query_timeout: answerTimeoutMs }),
  }
  client.query(config, (error: Error | null | undefined, result: pg.QueryResult) =>
    done(error ?? null, result),
  )
}

/** The driver's own trace of an error leads to a socket; this one leads to who asked. */
export async function retraced<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error)
    throw error
  }
}
