import { type Query, sql } from '@sandkeep/postgres'
import type { Layout } from '../definition.ts'
import type { KeyValue } from '../documents.ts'
import type { PlannedRange } from '../range.ts'

/** A document as its columns. */
export interface Row {
  id: string
  fields: ReadonlyMap<string, unknown>
  expiresAt: string | null
  json: string
  sizeBytes: number
}

/** A page ends with the document that reaches this, so that no page is large. */
const maxPageBytes = 8 * 1024 * 1024

const isVisible = sql`(_expires_at is null or _expires_at > now())`

/** The SQL of one collection. Its table has a column for every field of a key, so that each key is a plain index. */
export function createStatements(layout: Layout) {
  const table = sql`documents.${sql.identifier(layout.name)}`
  const columns = sql.join(
    ['id', ...layout.fields.keys(), '_expires_at', '_body', '_size'].map(sql.identifier),
  )
  const get = sql.named(`documents.get.${layout.name}`)
  return {
    insert: (rows: readonly Row[]) => sql`insert into ${table} (${columns})
      values ${sql.join(rows.map(rowValues))} on conflict do nothing returning id`,

    get: (id: string) => get`select _body as body from ${table} where id = ${id} and ${isVisible}`,

    select: (ids: readonly string[]) =>
      sql`select _body as body from ${table} where id = any(${ids}) and ${isVisible}`,

    range: (range: PlannedRange) => sql`select body, found from (
        select _body as body, count(*) over () as found, sum(_size) over (order by ${order(range)}) - _size as before
        from (select * from ${table} where ${rangeCondition(range)} order by ${order(range)} limit ${range.limit + 1}) as page
        order by ${order(range)}) as measured
      where before < ${maxPageBytes}`,

    replace: (row: Row, ifVersion: number) => sql`update ${table} set ${sql.join(assignments(row))}
      where id = ${row.id} and (_body->>'version')::numeric = ${ifVersion} and ${isVisible}`,

    /** Rival batches wait for each other here, instead of half-way in a deadlock. */
    lock: (ids: readonly string[]) =>
      sql`select id from ${table} where id = any(${ids}) order by id for update`,

    delete: (ids: readonly string[]) => sql`with gone as (
        delete from ${table} where id = any(${ids}) returning ${isVisible} as visible)
      select count(*) as deleted from gone where visible`,

    purge: (limit: number) => sql`delete from ${table} where id in (
        select id from ${table} where _expires_at <= now() order by _expires_at limit ${limit} for update skip locked)`,
  }
}

function rowValues(row: Row): Query {
  const values = [row.id, ...row.fields.values(), row.expiresAt, row.json, row.sizeBytes]
  return sql`(${sql.join(values.map((value) => sql`${value}`))})`
}

function assignments(row: Row): Query[] {
  const own = [
    ['_expires_at', row.expiresAt],
    ['_body', row.json],
    ['_size', row.sizeBytes],
  ] as const
  const columns = [...row.fields, ...own]
  return columns.map(([name, value]) => sql`${sql.identifier(name)} = ${value}`)
}

function rangeCondition({ prefix, order, after, before, descending }: PlannedRange): Query {
  const conditions = [
    isVisible,
    ...prefix.map(({ field, value, isInList }) =>
      isInList
        ? sql`${sql.identifier(field)} @> array[${value}]::text[]`
        : sql`${sql.identifier(field)} = ${value}`,
    ),
    ...comparison(order, descending ? sql`<` : sql`>`, after),
    ...comparison(order, descending ? sql`>` : sql`<`, before),
  ]
  return conditions.reduce((all, condition) => sql`${all} and ${condition}`)
}

/** Compares as a row, which one index scan can answer. */
function comparison(order: readonly string[], operator: Query, position: readonly KeyValue[]): Query[] {
  if (position.length === 0) return []
  const columns = order.slice(0, position.length).map(sql.identifier)
  const values = position.map((value) => sql`${value}`)
  return [sql`(${sql.join(columns)}) ${operator} (${sql.join(values)})`]
}

function order({ order, descending }: PlannedRange): Query {
  const direction = descending ? sql`desc` : sql`asc`
  return sql.join(order.map((field) => sql`${sql.identifier(field)} ${direction}`))
}
