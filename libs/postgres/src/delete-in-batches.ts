import type { Tx } from './database.ts'
import { type Query, sql } from './sql.ts'

const batchRows = 10_000

/**
 * Deletes the rows of a table that meet the condition, some thousand at a time: however many there are, no statement
 * runs into its time limit. Answers how many there were.
 */
export async function deleteInBatches(db: Tx, table: Query, condition: Query): Promise<number> {
  let deleted = 0
  for (let batch = batchRows; batch === batchRows; deleted += batch) {
    batch = await db.run(sql`
      delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit ${batchRows}))`)
  }
  return deleted
}
