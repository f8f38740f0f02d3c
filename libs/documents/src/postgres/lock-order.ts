import type { Layout } from '../definition.ts'
import type { Row } from './statements.ts'

/**
 * Rows in the order of their first unique key: rival inserts then wait for each other instead of ending in a deadlock.
 * Rows that are equal in it keep their order, so that the first of a batch wins.
 */
export function inLockOrder(layout: Layout, rows: readonly Row[]): Row[] {
  const unique = [...layout.keys.values()].find((key) => key.unique && key.name !== 'id')
  const keyOf = (row: Row) =>
    unique ? JSON.stringify(unique.fields.map((field) => row.fields.get(field))) : row.id
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ row }) => row)
}
